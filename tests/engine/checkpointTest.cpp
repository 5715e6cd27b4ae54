// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged checkpoints are refused with the file and the tensor.
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "engine/api/Error.h"
#include "engine/core/Safetensors.h"
#include "tests/engine/TinyRun.h"

using namespace denoscope;
namespace fs = std::filesystem;

namespace {

using Stored = std::map<std::string, StoredTensor>;

// Rewrites a stored file after `change`; the views keep the old file alive until the new one is written.
void rewrite(const fs::path& path, const std::function<void(Stored&)>& change) {
    const SafetensorsFile file(path);
    Stored tensors = file.tensors();
    change(tensors);
    writeSafetensors(path, tensors, {});
}

}  // namespace

class checkpointTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_state = m_run.state();
        Trainer trainer = m_run.trainer(*m_state);
        train(trainer, 2);
        saveCheckpoint(*m_state, path());
    }

    void bringsEverythingBack() {
        const auto fresh = m_run.state();
        loadCheckpoint(*fresh, path());
        QCOMPARE(difference(copyOf(*fresh), copyOf(*m_state)), std::string());
        QCOMPARE(fresh->step, std::int64_t{2});
        QCOMPARE(fresh->adam.steps(), std::int64_t{2});
    }

    void missingTensorsAreNamed_data() { rowPerFile(); }
    void missingTensorsAreNamed() {
        QFETCH(QString, file);
        QFETCH(QString, tensor);
        rewrite(path(file), [&](Stored& tensors) { tensors.erase(tensor.toStdString()); });
        refusal(file, tensor);
    }

    void unexpectedTensorsAreNamed_data() { rowPerFile(); }
    void unexpectedTensorsAreNamed() {
        QFETCH(QString, file);
        QFETCH(QString, tensor);
        rewrite(path(file), [&](Stored& tensors) {
            tensors.emplace("surplus.weight", tensors.at(tensor.toStdString()));
        });
        refusal(file, "surplus.weight");
    }

    void wrongShapesAreNamed_data() { rowPerFile(); }
    void wrongShapesAreNamed() {
        QFETCH(QString, file);
        QFETCH(QString, tensor);
        rewrite(path(file), [&](Stored& tensors) {
            tensors.at(tensor.toStdString()).shape.push_back(1);  // the same number of bytes
        });
        refusal(file, tensor);
    }

    void truncatedFilesAreNamed_data() { rowPerFile(); }
    void truncatedFilesAreNamed() {
        QFETCH(QString, file);
        for (const std::uintmax_t keep :
             {fs::file_size(path(file)) - 1, std::uintmax_t{100}, std::uintmax_t{0}}) {
            fs::resize_file(path(file), keep);
            refusal(file, {});
        }
        fs::remove(path(file));
        refusal(file, {});
    }

    void damagedStatesAreNamed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("torn") << QByteArray("{\"step\": 2, ");
        QTest::newRow("no object") << QByteArray("[2, 2]");
        QTest::newRow("without steps") << QByteArray("{\"step\": 2}");
        QTest::newRow("text") << QByteArray("{\"step\": \"2\", \"optimizer_steps\": 2}");
        QTest::newRow("negative") << QByteArray("{\"step\": -2, \"optimizer_steps\": 2}");
        QTest::newRow("fraction") << QByteArray("{\"step\": 2, \"optimizer_steps\": 1.5}");
        QTest::newRow("huge") << QByteArray("{\"step\": 18446744073709551615, \"optimizer_steps\": 2}");
    }
    void damagedStatesAreNamed() {
        QFETCH(QByteArray, text);
        std::ofstream(path("state.json")) << text.toStdString();
        refusal("state.json", {});
    }

    void missingStatesAreNamed() {
        fs::remove(path("state.json"));
        refusal("state.json", {});
    }

    void weightsOfAnotherModelAreRefused() {
        RunConfig config = tinyConfig(DataKind::Image);
        config.model.width = 16;
        const TinyRun wider(config);
        const auto state = wider.state();
        QVERIFY_THROWS_EXCEPTION(EngineError, loadCheckpoint(*state, path()));
    }

private:
    fs::path path(const QString& file = {}) const {
        return fs::path(m_folder->path().toStdString()) / file.toStdString();
    }

    static void rowPerFile() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("tensor");
        QTest::newRow("weights") << "weights.safetensors"
                                 << "mids.0.block1.1.weight";
        QTest::newRow("average") << "ema.safetensors"
                                 << "output_block.1.gain";
        QTest::newRow("optimiser") << "optimizer.safetensors"
                                   << "exp_avg_sq.mids.0.block1.1.weight";
    }

    // Loading must fail with a message that names the file, the tensor and a way out.
    void refusal(const QString& file, const QString& tensor) {
        const auto fresh = m_run.state();
        try {
            loadCheckpoint(*fresh, path());
        } catch (const EngineError& error) {
            QVERIFY2(QString::fromStdString(error.error().where).contains(file), error.what());
            QVERIFY2(QString::fromStdString(error.error().what).contains(tensor), error.what());
            QVERIFY2(!error.error().remedy.empty(), error.what());
            return;
        }
        QFAIL("was loaded");
    }

    const TinyRun m_run{tinyConfig(DataKind::Image)};
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TrainState> m_state;
};

QTEST_GUILESS_MAIN(checkpointTest)
#include "checkpointTest.moc"
