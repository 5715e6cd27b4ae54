// SPDX-License-Identifier: GPL-3.0-or-later
// Every reference case of the repository, and where present all of the shared ones; and cases that are not
// what they claim to be.
#include <ATen/ATen.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstring>
#include <fstream>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/parity/Parity.h"
#include "engine/parity/ReferenceCase.h"

using namespace denoscope;

namespace {

const QString ownCases = DENOSCOPE_TEST_DATA "/goldens";

void addCases(const QStringList& patterns) {
    QTest::addColumn<QString>("path");
    const QString sharedCases = DENOSCOPE_SHARED "/goldens";
    for (const QString& folder : {ownCases, sharedCases})
        for (const QFileInfo& file : QDir(folder).entryInfoList(patterns, QDir::Files, QDir::Name))
            QTest::addRow("%s %s", folder == ownCases ? "own" : "shared", qPrintable(file.fileName()))
                << file.absoluteFilePath();
    if (!QDir(sharedCases).exists())
        qInfo("the shared reference cases are absent: only those of the repository run");
}

struct Contents {
    std::map<std::string, StoredTensor> tensors;
    std::map<std::string, std::string> metadata;
};

// A case with one thing changed about it.
class Changed {
public:
    explicit Changed(const char* name)
        : m_file((ownCases + "/" + name).toStdString()), contents{m_file.tensors(), m_file.metadata()} {}

    std::string refusal() const {
        QTemporaryDir folder;
        const std::string path = folder.filePath("case.safetensors").toStdString();
        writeSafetensors(path, contents.tensors, contents.metadata);
        try {
            checkReference(path);
        } catch (const EngineError& error) {
            return toText(error.error());
        }
        return "accepted";
    }

    void replaceMeta(const std::string& before, const std::string& after) {
        std::string& meta = contents.metadata.at("meta");
        const std::size_t at = meta.find(before);
        if (at == std::string::npos)
            qFatal("the case has no %s", before.c_str());
        meta.replace(at, before.size(), after);
    }

private:
    SafetensorsFile m_file;

public:
    Contents contents;
};

bool says(const std::string& text, const char* part) {
    if (text.find(part) == std::string::npos)
        qWarning("'%s' does not say '%s'", text.c_str(), part);
    return text.find(part) != std::string::npos;
}

}  // namespace

class parityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsThePackage_data() { addCases({"*.safetensors", "*.pt"}); }
    void equalsThePackage() {
        QFETCH(QString, path);
        const auto results = checkReference(path.toStdString());
        QVERIFY(!results.empty());
        for (const Comparison& result : results)
            QVERIFY2(result.ok(), qPrintable(QString("%1: %2 of %3")
                                                 .arg(result.output.c_str())
                                                 .arg(result.error)
                                                 .arg(result.tolerance)));
    }

    // The optimiser's state of a trainer's checkpoint is numbered by this order.
    void parametersStandInThePackagesOrder_data() {
        addCases({"unet*.safetensors", "seed_unet*.safetensors"});
    }
    void parametersStandInThePackagesOrder() {
        QFETCH(QString, path);
        ReferenceCase reference(path.toStdString());
        const Shape size = reference.take("in.x").sizes().slice(2).vec();
        const auto network = buildNetwork(reference, size, reference.takeWeights());
        std::vector<std::string> names;
        for (const Parameter& parameter : network->parameters())
            if (parameter.trained)
                names.push_back(parameter.name);
        QCOMPARE(names, reference.meta("grad_norm_names").get<std::vector<std::string>>());
    }

    void aWrongNumberFails() {
        SafetensorsFile file((ownCases + "/unet1d_default.safetensors").toStdString());
        auto tensors = file.tensors();
        std::vector<std::byte> bytes(tensors.at("out.eval").bytes.begin(),
                                     tensors.at("out.eval").bytes.end());
        float value = 0;
        std::memcpy(&value, bytes.data(), sizeof value);
        value += 0.01F;
        std::memcpy(bytes.data(), &value, sizeof value);
        tensors.at("out.eval").bytes = bytes;
        QTemporaryDir folder;
        const std::string path = folder.filePath("case.safetensors").toStdString();
        writeSafetensors(path, tensors, file.metadata());
        const auto results = checkReference(path);
        QCOMPARE(std::ranges::count_if(results, [](const Comparison& result) { return !result.ok(); }), 1);
        QVERIFY(!results.front().ok());
    }

    void malformedCasesAreRefusedByName() {
        Changed missing("unet1d_default.safetensors");
        missing.contents.tensors.erase("weights.init_conv.bias");
        QVERIFY(says(missing.refusal(), "missing: init_conv.bias"));

        Changed extra("unet1d_default.safetensors");
        extra.contents.tensors["weights.init_conv.bias2"] =
            extra.contents.tensors.at("weights.init_conv.bias");
        QVERIFY(says(extra.refusal(), "unexpected: init_conv.bias2"));

        Changed leftOver("unet1d_default.safetensors");
        leftOver.contents.tensors["out.other"] = leftOver.contents.tensors.at("out.eval");
        QVERIFY(says(leftOver.refusal(), "out.other"));

        Changed noInput("unet1d_default.safetensors");
        noInput.contents.tensors.erase("in.time");
        QVERIFY(says(noInput.refusal(), "in.time"));

        Changed shape("unet1d_default.safetensors");
        shape.contents.tensors["weights.init_conv.bias"] =
            shape.contents.tensors.at("weights.final_conv.bias");
        QVERIFY(says(shape.refusal(), "init_conv.bias"));

        Changed type("unet1d_default.safetensors");
        type.contents.tensors.at("weights.init_conv.bias").dtype = "I32";
        QVERIFY(says(type.refusal(), "init_conv.bias (I32)"));

        Changed unknownType("unet1d_default.safetensors");
        unknownType.contents.metadata["meta"] = "[1, 2";
        QVERIFY(says(unknownType.refusal(), "no JSON"));

        Changed labels("cfg_unet.safetensors");
        labels.replaceMeta("\"num_classes\": 4", "\"num_classes\": 2");
        QVERIFY(says(labels.refusal(), "classes_emb.weight"));
    }

    // What the arguments claim must not be allocated before it was compared with what the file holds.
    void hugeClaimsAreRefused() {
        for (const char* claim : {"\"dim\": 65536", "\"dim\": 1000000000000", "\"dim\": -8", "\"dim\": 0"}) {
            Changed huge("unet1d_default.safetensors");
            huge.replaceMeta("\"dim\": 8", claim);
            QVERIFY2(huge.refusal() != "accepted", claim);
        }
        Changed schedule("gaussian_schedules.safetensors");
        schedule.replaceMeta("\"timesteps\": 1000", "\"timesteps\": 1000000000000");
        QVERIFY(says(schedule.refusal(), "timesteps"));
    }

    void damagedFilesAreRefused() {
        const std::string whole =
            readFile((ownCases + "/frechet.safetensors").toStdString(), std::size_t{1} << 24);
        QTemporaryDir folder;
        const std::string path = folder.filePath("case.safetensors").toStdString();
        for (std::size_t length : {std::size_t{0}, std::size_t{4}, std::size_t{8}, std::size_t{100},
                                   whole.size() / 2, whole.size() - 1}) {
            std::ofstream(path, std::ios::binary) << whole.substr(0, length);
            QVERIFY_THROWS_EXCEPTION(EngineError, checkReference(path));
        }
        QVERIFY_THROWS_EXCEPTION(EngineError, checkReference(folder.filePath("absent.pt").toStdString()));
    }
};

QTEST_GUILESS_MAIN(parityTest)
#include "parityTest.moc"
