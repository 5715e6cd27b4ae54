// SPDX-License-Identifier: GPL-3.0-or-later
// The EDM2 network in reference mode against the Python package's numbers.
#include "engine/nets/KarrasUNet.h"
#include "tests/engine/GoldenNetwork.h"

using namespace denoscope;

class karrasGoldenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsThePackage_data() { golden::addCases({"karras*.safetensors"}); }

    void equalsThePackage() {
        QFETCH(QString, path);
        const GoldenCase golden(path.toStdString());
        KarrasOptions options = std::get<KarrasOptions>(golden.options());
        options.model.dropout = 0;
        KarrasUNet network(makeKarrasPlan(options), 0);
        golden::compareNetwork(golden, network);
    }
};

QTEST_GUILESS_MAIN(karrasGoldenTest)
#include "karrasGoldenTest.moc"
