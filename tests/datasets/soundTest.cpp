// SPDX-License-Identifier: GPL-3.0-or-later
#include <sndfile.h>

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>

#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

class soundTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }
    QString folder(const QString& name) const {
        QDir(m_folder.path()).mkpath(name);
        return at(name);
    }

private Q_SLOTS:
    void readsStereo() {
        const auto set = openPath(put(at("s.wav"), wav({0, 16384, -16384, 32767, 8192, 0}, 2, 8000)));
        QCOMPARE(set->facts().shape, (Shape{2, 3}));
        QCOMPARE(set->facts().geometry.sampleRate, 8000.0);
        QCOMPARE(set->facts().dtype, std::string("int16"));
        QCOMPARE(set->read(0).array->values,
                 (std::vector<float>{0, -0.5f, 0.25f, 0.5f, 32767.0f / 32768, 0}));
        QCOMPARE(set->facts().min, -0.5);
    }

    // Written by the library that reads them; a sine in two channels, the second upside down.
    void readsEveryKindOfSound_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("format");
        QTest::addColumn<QString>("dtype");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("8 bit") << "a.wav" << (SF_FORMAT_WAV | SF_FORMAT_PCM_U8) << "uint8" << 0.02;
        QTest::newRow("24 bit") << "a.wav" << (SF_FORMAT_WAV | SF_FORMAT_PCM_24) << "int24" << 1e-5;
        QTest::newRow("32 bit") << "a.wav" << (SF_FORMAT_WAV | SF_FORMAT_PCM_32) << "int32" << 1e-6;
        QTest::newRow("float") << "a.wav" << (SF_FORMAT_WAV | SF_FORMAT_FLOAT) << "float32" << 1e-6;
        QTest::newRow("double") << "a.wav" << (SF_FORMAT_WAV | SF_FORMAT_DOUBLE) << "float64" << 1e-6;
        QTest::newRow("u-law") << "a.wav" << (SF_FORMAT_WAV | SF_FORMAT_ULAW) << "u-law" << 0.03;
        QTest::newRow("A-law") << "a.wav" << (SF_FORMAT_WAV | SF_FORMAT_ALAW) << "A-law" << 0.03;
        QTest::newRow("RF64") << "a.rf64" << (SF_FORMAT_RF64 | SF_FORMAT_PCM_16) << "int16" << 1e-4;
        QTest::newRow("W64") << "a.w64" << (SF_FORMAT_W64 | SF_FORMAT_PCM_16) << "int16" << 1e-4;
        QTest::newRow("AIFF") << "a.aiff" << (SF_FORMAT_AIFF | SF_FORMAT_PCM_16) << "int16" << 1e-4;
        QTest::newRow("FLAC") << "a.flac" << (SF_FORMAT_FLAC | SF_FORMAT_PCM_24) << "int24" << 1e-5;
        QTest::newRow("OGG") << "a.ogg" << (SF_FORMAT_OGG | SF_FORMAT_VORBIS) << "compressed" << 0.1;
    }
    void readsEveryKindOfSound() {
        QFETCH(QString, name);
        QFETCH(int, format);
        QFETCH(QString, dtype);
        QFETCH(double, tolerance);
        constexpr int frames = 4000;
        std::vector<float> samples(2 * frames);
        for (int i = 0; i < frames; ++i) {
            samples[static_cast<std::size_t>(2 * i)] = 0.5f * std::sin(static_cast<float>(i) * 0.05f);
            samples[static_cast<std::size_t>(2 * i + 1)] = -samples[static_cast<std::size_t>(2 * i)];
        }
        SF_INFO info{0, 44100, 2, format, 0, 0};
        SNDFILE* file = sf_open(qPrintable(at(name)), SFM_WRITE, &info);
        QVERIFY(file);
        QCOMPARE(sf_writef_float(file, samples.data(), frames), sf_count_t(frames));
        sf_close(file);
        const auto set = openPath(at(name).toStdString());
        QCOMPARE(QString::fromStdString(set->facts().dtype), dtype);
        QCOMPARE(set->facts().geometry.sampleRate, 44100.0);
        QCOMPARE(set->facts().shape, (Shape{2, frames}));
        const std::vector<float> values = set->read(0).array->values;
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY(std::abs(values[i] - samples[i % frames * 2 + i / frames]) < tolerance);
        QVERIFY2(set->facts().notes.empty(), set->facts().notes.empty() ? "" : set->facts().notes[0].c_str());
    }

    void saysWhatIsDamaged() {
        const QByteArray whole = wav(std::vector<std::int16_t>(400, 9), 1, 8000);
        QVERIFY(openPath(put(at("whole.wav"), whole))->facts().notes.empty());
        const auto noteOf = [&](const QByteArray& bytes, std::int64_t frames) {
            const auto set = openPath(put(at("damaged.wav"), bytes));
            return set->facts().shape == Shape{1, frames} && set->facts().notes.size() == 1
                       ? set->facts().notes.front()
                       : std::string("shape or notes are others");
        };
        QByteArray endless = whole;
        endless.replace(40, 4, "\xff\xff\xff\xff");
        QCOMPARE(noteOf(endless, 400), std::string("Damaged, but can be read: its header says \"data: "
                                                   "4294967295\" where 800 is right."));
        const std::string cut = noteOf(whole.left(whole.size() - 201), 299);
        QVERIFY2(
            cut.find("data: 800\" where 599 is right; its last sample is incomplete.") != std::string::npos,
            cut.c_str());
        const QString root = folder("damaged");
        put(root + "/a.wav", whole);
        put(root + "/b.wav", endless);
        QVERIFY(hasNote(openPath(root.toStdString())->facts(),
                        "1 of 2 files is damaged, but can be read: b.wav (its header says"));
    }

    // What a file says of people is in no note, whatever it looks like.
    void namesNobody() {
        QByteArray bytes = wav(std::vector<std::int16_t>(400, 9), 1, 8000);
        const QByteArray text = "Doe, Jane\nDoe : 1 (should be 2)\n";
        bytes += "LIST" + bytesOf<std::uint32_t>({static_cast<std::uint32_t>(12 + text.size())}) +
                 "INFOIART" + bytesOf<std::uint32_t>({static_cast<std::uint32_t>(text.size())}) + text;
        const auto set = openPath(put(at("named.wav"), bytes));
        for (const std::string& note : set->facts().notes)
            QVERIFY2(note.find("Doe") == std::string::npos, note.c_str());
    }

    void labelsByFolder() {
        const QString root = folder("by/cat");
        folder("by/dog");
        put(at("by/cat/1.wav"), wav({1, 2, 3, 4}, 1, 8000));
        put(at("by/dog/1.wav"), wav({1, 2, 3, 4, 5, 6}, 1, 8000));
        const auto set = openPath(at("by").toStdString());
        QCOMPARE(set->facts().labels, (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(set->read(1).label, 1);
        QVERIFY(set->facts().mixedShapes);
        QCOMPARE(set->facts().smallestShape, (Shape{1, 4}));
        QCOMPARE(set->facts().largestShape, (Shape{1, 6}));
    }

    void labelsByName() {
        const QString root = folder("names");
        for (const char* name : {"0_ann_0.wav", "0_bob_1.wav", "7_ann_0.wav"})
            put(root + "/" + name, wav({1, 2, 3, 4}, 1, 8000));
        QCOMPARE(openPath(root.toStdString())->facts().labels, (std::vector<std::string>{"0", "7"}));
        put(root + "/other.wav", wav({1, 2, 3, 4}, 1, 8000));
        QVERIFY(openPath(root.toStdString())->facts().labels.empty());
    }

    void reportsDifferentRates() {
        const QString root = folder("rates");
        put(root + "/a.wav", wav({1, 2, 3, 4}, 1, 8000));
        put(root + "/b.wav", wav({1, 2, 3, 4}, 1, 16000));
        QVERIFY(hasNote(openPath(root.toStdString())->facts(), "8000 to 16000 Hz"));
    }

    void leavesOutTheBad() {
        const QString root = folder("some");
        put(root + "/a.wav", wav({1, 2, 3, 4}, 1, 8000));
        put(root + "/b.wav", wav({}, 1, 8000));
        put(root + "/c.wav", "no sound");
        put(root + "/d.wav", wav({1, 2, 3, 4}, 2, 8000));  // two channels where the others have one
        put(root + "/e.wav", wav({1, 2, 3, 4, 5}, 1, 8000));
        const auto set = openPath(root.toStdString());
        QCOMPARE(set->size(), 2);
        QCOMPARE(QString::fromStdString(set->read(1).name), QString("e.wav"));
        QVERIFY(hasNote(set->facts(), "3 of 5 files") && hasNote(set->facts(), "b.wav"));
    }

    void refusesWhenNothingIsLeft() {
        const QString root = folder("bad");
        QVERIFY(isHelpful(errorOf(root.toStdString())));  // empty
        put(root + "/readme.txt", "hello");
        QVERIFY(isHelpful(errorOf(root.toStdString())));
        put(root + "/b.wav", wav({}, 1, 8000));
        const Error error = errorOf(root.toStdString());
        QVERIFY(isHelpful(error) && error.what.find("no samples") != std::string::npos);
        const Error noise = errorOf(put(at("noise.wav"), QByteArray(64, 'x')));
        QVERIFY2(noise.what.starts_with("cannot be read as sound: libsndfile says \""), noise.what.c_str());
        QVERIFY2(noise.what.ends_with("\"") && noise.what.find(".\"") == std::string::npos,
                 noise.what.c_str());
        QVERIFY(isHelpful(errorOf(at("missing").toStdString())));
        QVERIFY(isHelpful(errorOf("")));
        QVERIFY(isHelpful(errorOf(put(at("x.mp9"), "x"))));
    }

    void longRecordingsAreReadInWindows() {
        std::vector<std::int16_t> ramp(600'000);  // 2.3 MiB decoded, more than the cache
        for (std::size_t i = 0; i < ramp.size(); ++i)
            ramp[i] = static_cast<std::int16_t>(i % 30000);
        const auto set = openPath(put(at("long.wav"), wav(ramp, 1, 8000)), 1);
        for (std::uint64_t key = 0; key < 20; ++key) {
            const std::vector<float> values = set->draw(0, {100}, Fit::Exact, key).array->values;
            for (std::size_t i = 1; i < values.size(); ++i)
                QVERIFY(std::abs(values[i] - values[i - 1] - 1.0f / 32768) < 1e-6f || values[i] == 0);
        }
        QVERIFY_EXCEPTION_THROWN(set->read(0), EngineError);
    }
};

QTEST_GUILESS_MAIN(soundTest)
#include "soundTest.moc"
