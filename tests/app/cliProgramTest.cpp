// SPDX-License-Identifier: GPL-3.0-or-later
// denoscope-cli as a person or a script calls it: its answers, its exit codes and what it leaves on the disk.
#include <QColor>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

namespace {

struct Answer {
    int code = -1;  // -1: it crashed
    QByteArray out, error;
};

constexpr int patience = 300'000;  // ms, for a program that hangs

Answer call(const QStringList& arguments, const QString& program = DENOSCOPE_CLI) {
    QProcess process;
    process.start(program, arguments, QIODevice::ReadOnly);
    if (!process.waitForFinished(patience))
        process.kill();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput(), process.readAllStandardError()};
}

// A run of a few seconds.
QStringList training(const QString& run, int steps) {
    QStringList arguments{"train", "--demo", "beats", "--preset", "quick", "--steps", QString::number(steps),
                          "--run", run,      "--json"};
    for (const char* change :
         {"data.size=64", "data.fit=crop", "model.width=8", "model.max_width=8", "model.attention=0",
          "training.batch_size=2", "training.preview_every=0", "training.threads=1"})
        arguments << "--set" << change;
    return arguments;
}

// The events of that name; fails when a line is no JSON object.
QList<QJsonObject> events(const QByteArray& lines, const QString& name) {
    QList<QJsonObject> found;
    for (const QByteArray& line : lines.trimmed().split('\n')) {
        const QJsonDocument document = QJsonDocument::fromJson(line);
        if (!document.isObject())
            QTest::qFail(line.constData(), __FILE__, __LINE__);
        if (document.object()["event"] == name)
            found << document.object();
    }
    return found;
}

}  // namespace

class cliProgramTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void explainsItself() {
        QCOMPARE(call({"--help"}).code, 0);
        for (const char* command : {"train", "resume", "sample", "convert", "evaluate", "import", "export",
                                    "info", "devices", "settings", "config"}) {
            const Answer help = call({command, "--help"});
            QCOMPARE(help.code, 0);
            QVERIFY2(help.out.size() > 100, command);
        }
        QCOMPARE(call({}).code, 2);
        const Answer unknown = call({"trian"});
        QCOMPARE(unknown.code, 2);
        QVERIFY(unknown.error.contains("trian: ") && unknown.error.contains("'train'"));
        for (const char* command : {"import", "evaluate", "parity"})
            QVERIFY2(call({command, "--help"}).out.contains("Exit codes:"), command);
        QCOMPARE(call({"train", "--demo", "shapes"}).code, 2);  // --run is missing
    }

    void looksAtData() {
        const Answer info = call({"info", "demo:beats", "--json"});
        QCOMPARE(info.code, 0);
        const QJsonObject facts = QJsonDocument::fromJson(info.out).object();
        QCOMPARE(facts["kind"].toString(), QString("signal"));
        QCOMPARE(facts["shape"].toArray(), (QJsonArray{1, 512}));
        QCOMPARE(facts["sample_rate"].toDouble(), 256.0);
        QVERIFY(facts["min"].toDouble() < facts["mean"].toDouble());
        QVERIFY(call({"info", "demo:heads"}).out.contains("spacing"));
        QVERIFY(QJsonDocument::fromJson(call({"devices", "--json"}).out).object().contains("math"));
    }

    void badInputIsRefusedWithReasons() {
        const auto refused = [this](const QStringList& arguments, const QByteArray& reason) {
            const Answer answer = call(arguments);
            const bool right = answer.code == 2 && answer.error.contains("error: ") &&
                               answer.error.contains(reason) && !QFile::exists(at("never"));
            if (!right)
                qWarning("%d %s", answer.code, answer.error.constData());
            return right;
        };
        QVERIFY(refused({"info", at("nothing")}, "there is no such file"));
        QVERIFY(refused({"info", "demo:beats", "--part", "x"}, "no parts"));
        for (const QStringList& wrong : {QStringList{"info", "demo:beats", "--nonsense"}, {"info"}, {}})
            QVERIFY(call(wrong).error.startsWith("error: "));
        QVERIFY(refused({"train", at("nothing.json"), "--run", at("never")}, "does not exist"));
        QFile config(at("config.json"));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write(R"({"training": {"learning_rat": 0.1}})");
        config.close();
        QVERIFY(refused({"train", config.fileName(), "--run", at("never")}, "training.learning_rate"));
        QVERIFY(refused({"train", "--demo", "shapes", "--run", at("never"), "--set", "data.size=30,30"},
                        "the nearest that fits"));
        QVERIFY(refused({"train", "--demo", "heads", "--run", at("never"), "--set", "model.width=1024",
                         "--set", "model.max_width=4096", "--set", "training.batch_size=2000"},
                        "GiB"));
        QVERIFY(refused({"resume", at("nothing")}, "holds no run"));
        QVERIFY(refused({"train", "--demo", "shapes", "--run", at("never"), "--set", "sampling.steps"},
                        "--set sampling.steps=18"));
        for (const QStringList& wrong :
             {QStringList{"import", at("nothing.pt"), "--run", at("never")}, QStringList{"bogus"},
              QStringList{"sample"}, QStringList{"evaluate", at("nothing"), at("nothing")}}) {
            const Answer answer = call(wrong + QStringList{"--json"});
            QCOMPARE(answer.code, 2);
            QCOMPARE(events(answer.out, "failed").size(), 1);
            QVERIFY(!events(answer.out, "failed")[0]["what"].toString().isEmpty());
        }
        QVERIFY(refused({"sample", at("nothing"), "--out", at("x.npy")}, "holds no run"));
    }

    void trainsResumesAndSamples() {
        const QString run = at("run");
        const Answer trained = call(training(run, 3));
        QVERIFY2(trained.code == 0, trained.error.constData());
        QCOMPARE(events(trained.out, "step").size(), 3);
        QCOMPARE(events(trained.out, "finished").value(0)["outcome"].toString(), QString("completed"));
        QCOMPARE(call(training(run, 3)).code, 2);  // it holds a run already

        QCOMPARE(call({"resume", run}).code, 2);  // complete
        const Answer resumed = call({"resume", run, "--steps", "5"});
        QVERIFY2(resumed.code == 0, resumed.error.constData());
        QFile metrics(run + "/metrics.jsonl");
        QVERIFY(metrics.open(QIODevice::ReadOnly));
        QCOMPARE(metrics.readAll().count('\n'), 5);

        const auto sampled = [&](const QString& out, int count) {
            return call({"sample", run, "--steps", "2", "--seed", "1", "--count", QString::number(count),
                         "--label", "chirp", "--out", out})
                .code;
        };
        QCOMPARE(sampled(at("x.npy"), 2), 0);
        QFile array(at("x.npy"));
        QVERIFY(array.open(QIODevice::ReadOnly));
        QVERIFY(array.readAll().contains("'shape': (2, 1, 64, )"));
        QCOMPARE(sampled(at("x.PNG"), 1), 0);
        QCOMPARE(sampled(at("x.wav"), 2), 0);
        QVERIFY(QFile::exists(at("x-000.wav")) && QFile::exists(at("x-001.wav")));
        QCOMPARE(sampled(at("x.nii"), 1), 2);  // signals are no volumes
        QCOMPARE(sampled(at("nowhere/x.npy"), 1), 2);
        QCOMPARE(sampled(at("x.npy"), 0), 2);
        QCOMPARE(call({"sample", run, "--set", "sampling.steps", "--out", at("y.npy")}).code, 2);

        const Answer larger = call({"evaluate", "demo:beats", at("x.npy")});
        QCOMPARE(larger.code, 2);
        QVERIFY(larger.error.contains("1 x 512") && larger.error.contains("1 x 64"));
        QCOMPARE(call({"evaluate", "demo:beats", at("x.npy"), "--fit", "crop", "--count", "20"}).code, 0);
    }

    void drawsTheWayBetweenItemsAndFilmsIt() {
        const QString run = at("between");
        QCOMPARE(call(training(run, 2)).code, 0);
        const auto drawn = [&](const QStringList& more) {
            return call(QStringList{"sample", run, "--steps", "3", "--seed", "1", "--count", "3"} + more);
        };
        const Answer way = drawn({"--between", "item:3", "item:8", "--sigma", "0.5", "--out", at("way.npy")});
        QVERIFY2(way.code == 0, way.error.constData());
        QCOMPARE(call({"convert", at("way.npy"), at("end.npy"), "--item", "2"}).code, 0);
        const Answer file =
            drawn({"--between", "item:3", at("end.npy"), "--sigma", "0.5", "--out", at("way2.npy")});
        QVERIFY2(file.code == 0, file.error.constData());
        QFile one(at("way.npy")), other(at("way2.npy"));
        QVERIFY(one.open(QIODevice::ReadOnly) && other.open(QIODevice::ReadOnly));
        QVERIFY(one.readAll() != other.readAll());  // another end

        QCOMPARE(drawn({"--out", at("film.gif"), "--fps", "5"}).code, 0);
        QFile film(at("film.gif"));
        QVERIFY(film.open(QIODevice::ReadOnly) && film.readAll().startsWith("GIF89a"));

        const auto refused = [&](const QStringList& more, const QByteArray& reason) {
            const Answer answer = drawn(more + QStringList{"--out", at("refused.npy")});
            if (answer.code != 2 || !answer.error.contains(reason))
                qWarning("%d %s", answer.code, answer.error.constData());
            return answer.code == 2 && answer.error.contains(reason) && !QFile::exists(at("refused.npy"));
        };
        QVERIFY(refused({"--between", "item:3", "item:4000"}, "item:0 to item:3999"));
        QVERIFY(refused({"--between", "item:3", "demo:shapes"}, "--between demo:shapes: is a"));
        QVERIFY(refused({"--between", "item:3", "item:4", "--sigma", "-1"}, "--sigma"));
        QVERIFY(refused({"--sigma", "1"}, "--between"));
        QCOMPARE(drawn({"--out", at("nowhere/film.gif")}).code, 2);
    }

    void convertsAndSaysWhatIsLost() {
        const QStringList arguments{"convert", "demo:heads", at("head.nii.gz"), "--item", "1"};
        const Answer converted = call(arguments);
        QVERIFY2(converted.code == 0, converted.error.constData());
        QCOMPARE(converted.out.trimmed(), at("head.nii.gz").toUtf8());
        QVERIFY(converted.error.contains("note: The classes"));
        const QJsonObject facts =
            QJsonDocument::fromJson(call({"info", at("head.nii.gz"), "--json"}).out).object();
        QCOMPARE(facts["spacing"].toArray(), (QJsonArray{6.5, 7.0, 6.5}));
        const Answer again = call(arguments + QStringList{"--json"});
        QCOMPARE(again.code, 2);
        QVERIFY(events(again.out, "failed").value(0)["what"].toString().contains("exists already"));
        const Answer replaced = call(arguments + QStringList{"--json", "--overwrite"});
        QCOMPARE(replaced.code, 0);
        QCOMPARE(events(replaced.out, "converted").value(0)["paths"].toArray(),
                 (QJsonArray{at("head.nii.gz")}));
        QCOMPARE(call({"convert", "demo:heads", at("head.png"), "--low", "5"}).code, 2);  // --high is missing
    }

    void evaluatesGeneratedItems() {
        const QStringList arguments{"evaluate", "demo:shapes", "demo:shapes", "--count", "20", "--json"};
        const Answer answer = call(arguments);
        QVERIFY2(answer.code == 0, answer.error.constData());
        QCOMPARE(call(arguments).out, answer.out);  // the same seed
        const QJsonObject result = QJsonDocument::fromJson(answer.out).object();
        const QJsonArray distances = result["distances"].toArray();
        QCOMPARE(distances.size(), 5);
        for (const auto& distance : distances) {
            const QJsonObject one = distance.toObject();
            QCOMPARE(one["real_count"].toInt(), 20);
            QCOMPARE(one["generated_count"].toInt(), 20);
            QVERIFY(one["low"].toDouble() <= one["high"].toDouble());
            QVERIFY(one["floor"].isDouble());
        }
        const Answer table = call({"evaluate", "demo:shapes", "demo:shapes", "--count", "20"});
        QVERIFY(table.out.contains("95 % interval") && table.out.contains("Frechet distance"));

        const auto refused = [](const QStringList& more, const QByteArray& reason) {
            const Answer given = call(QStringList{"evaluate"} + more);
            return given.code == 2 && given.error.contains(reason);
        };
        QVERIFY(refused({"demo:beats", "demo:shapes"}, "images of 1 x 32 x 32"));
        QVERIFY(!table.out.contains("warning: "));
        QVERIFY(call({"evaluate", "demo:shapes", "demo:shapes", "--count", "5"})
                    .out.contains("warning: 5 items of a set are too few"));
        QVERIFY(refused({"demo:shapes", at("nothing.npy")}, "nothing.npy"));
        QVERIFY(refused({"demo:shapes", "demo:shapes", "--count", "1"}, "--count"));
        QVERIFY(refused({"demo:beats", "demo:beats", "--inception", at("none")}, "images only"));
        QVERIFY(refused({"demo:shapes", "demo:shapes", "--count", "4", "--inception", at("none")}, "none"));
    }

    void weightsComeFromPythonAndGoBack() {
        const QString file = DENOSCOPE_TEST_DATA "/goldens/trainer_unet2d.pt", run = at("fromPython");
        const Answer asked = call({"import", file, "--run", run});
        QCOMPARE(asked.code, 2);
        QVERIFY(asked.out.contains("--shape ...") && asked.out.contains("--arg dropout=... (default 0.0)"));
        QVERIFY(asked.error.contains("nothing was made") && !QFile::exists(run));
        const Answer questions = call({"import", file, "--run", run, "--json"});
        QVERIFY(events(questions.out, "open").value(0)["questions"].toArray().size() > 2);

        QCOMPARE(
            call({"import", file, "--run", run, "--shape", "16x16", "--defaults", "--arg", "dropout"}).code,
            2);
        const QStringList full{"import", file, "--run", run, "--shape", "16x16", "--defaults", "--json"};
        const QJsonObject imported = events(call(full).out, "imported").value(0);
        QCOMPARE(imported["step"].toInt(), 13);
        QVERIFY(imported["optimizer"].toBool());
        QVERIFY(imported["network"].toString().startsWith("Unet("));
        QCOMPARE(call(full).code, 2);  // it holds a run already
        QCOMPARE(call({"sample", run, "--steps", "2", "--count", "1", "--out", at("drawn.npy")}).code, 0);
        const Answer resumed = call({"resume", run});
        QCOMPARE(resumed.code, 2);
        QVERIFY(resumed.error.contains("--data"));
        const Answer ema = call({"sample", run, "--set", "sampling.ema_width=0.1", "--out", at("y.npy")});
        QCOMPARE(ema.code, 2);

        const Answer exported = call({"export", run, "--out", at("back.safetensors"), "--layout", "trainer"});
        QCOMPARE(exported.code, 0);
        QVERIFY(exported.out.contains("GaussianDiffusion(image_size=16, timesteps=50"));
        QCOMPARE(call({"import", at("back.safetensors"), "--run", at("again")}).code, 0);
        QCOMPARE(call({"import", at("back.safetensors"), "--run", at("never"), "--shape", "8x8"}).code, 2);
        QCOMPARE(call({"import", at("back.safetensors"), "--run", at("never"), "--ema"}).code, 2);
        QCOMPARE(call({"export", run, "--out", at("back.pt")}).code, 2);
        QCOMPARE(call({"export", run, "--out", at("nowhere/back.safetensors")}).code, 2);
        QVERIFY(!QFile::exists(at("never")) && !QFile::exists(at("back.pt")));
    }

    // Of a run that was imported without its data: its values run from 0 to 1.
    void knownPartsAreBroughtToTheRun() {
        const QString run = at("inpainted"), goldens = DENOSCOPE_TEST_DATA "/goldens/";
        QCOMPARE(
            call({"import", goldens + "trainer_unet2d.pt", "--run", run, "--shape", "16x16", "--defaults"})
                .code,
            0);
        const auto picture = [&](const char* name, QSize size, QImage::Format format, QColor colour) {
            QImage image(size, format);
            image.fill(colour);
            return image.save(at(name)) ? at(name) : QString();
        };
        // float32, (16, 16), without axes for items and channels
        const auto mask = [&](const char* name, float value) {
            QByteArray header = "{'descr': '<f4', 'fortran_order': False, 'shape': (16, 16), }";
            header = header.leftJustified(117, ' ') + '\n';
            QFile file(at(name));
            if (!file.open(QIODevice::WriteOnly))
                return QString();
            file.write(QByteArray("\x93NUMPY\x01\x00", 8) + char(header.size()) + '\0' + header);
            for (int i = 0; i < 256; ++i)
                file.write(reinterpret_cast<const char*>(&value), sizeof(value));
            return at(name);
        };
        const auto sampled = [&](const QString& known, const QString& where) {
            return call({"sample", run, "--steps", "2", "--count", "1", "--known", known, "--mask", where,
                         "--resamples", "1", "--out", at("drawn.png")});
        };
        const QColor orange(255, 128, 0);
        const QString all = mask("all.npy", 1);
        const QString known = picture("known.png", {48, 64}, QImage::Format_RGB888, orange);
        const Answer answer = sampled(known, all);
        QVERIFY2(answer.code == 0, answer.error.constData());
        const QColor drawn = QImage(at("drawn.png")).pixelColor(8, 8);
        QVERIFY(std::abs(drawn.red() - 255) < 3 && std::abs(drawn.green() - 128) < 3 && drawn.blue() < 3);

        const auto refused = [&](const Answer& given, const QByteArray& reason) {
            if (given.code != 2 || !given.error.contains(reason))
                qWarning("%d %s", given.code, given.error.constData());
            return given.code == 2 && given.error.contains(reason);
        };
        const QString grey = picture("grey.png", {16, 16}, QImage::Format_Grayscale8, Qt::white);
        QVERIFY(refused(sampled(grey, all), "has 1 channel, the run draws 3"));
        QVERIFY(refused(sampled("demo:beats", all), "--known demo:beats: is a signal"));
        QVERIFY(refused(sampled(known, "demo:beats"), "--mask demo:beats"));
        QCOMPARE(sampled(known, grey).code, 0);
    }

    void parityCountsACaseOnce() {
        const QString trainer = DENOSCOPE_TEST_DATA "/goldens/trainer_seed_unet1d";
        const Answer one = call({"parity", trainer + ".pt"}),
                     both = call({"parity", trainer + ".pt", trainer + "_expect.safetensors"});
        QCOMPARE(one.code, 0);
        QCOMPARE(both.code, 0);
        QCOMPARE(both.out.trimmed().split('\n').last(), one.out.trimmed().split('\n').last());
    }

    void asksToStopAreTakenInGoodOrder() {
        const QString run = at("stopped");
        QProcess process;
        process.start(DENOSCOPE_CLI, training(run, 1'000'000), QIODevice::ReadOnly);
        QByteArray out;
        while (!out.contains(R"("event":"step")") && process.waitForReadyRead(patience))
            out += process.readAllStandardOutput();
        process.terminate();
        QVERIFY(process.waitForFinished(patience));
        out += process.readAllStandardOutput();
        QCOMPARE(process.exitCode(), 130);
        const qint64 step = events(out, "finished").value(0)["step"].toInteger();
        QVERIFY(step > 0);
        const Answer resumed = call({"resume", run, "--steps", QString::number(step + 2), "--json"});
        QCOMPARE(resumed.code, 0);
        QCOMPARE(events(resumed.out, "opened").value(0)["step"].toInteger(), step);
        QCOMPARE(events(resumed.out, "step").size(), 2);
    }

    void needsNeitherQtNorX() {
        const QString readelf = QStandardPaths::findExecutable("readelf");
        if (readelf.isEmpty())
            QSKIP("readelf is not installed");
        const Answer answer = call({"--dynamic", DENOSCOPE_CLI}, readelf);
        QVERIFY(answer.out.contains("(NEEDED)"));
        for (const char* library : {"libQt", "libX11", "libxcb", "libGL"})
            QVERIFY2(!answer.out.contains(library), library);
    }

private:
    QString at(const QString& name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(cliProgramTest)
#include "cliProgramTest.moc"
