// SPDX-License-Identifier: GPL-3.0-or-later
// An item as the network sees it: the same values as a training batch, and sentences that say what was done.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <numeric>

#include "MadeFiles.h"
#include "engine/data/Prepare.h"

using namespace denoscope;

namespace {

std::string joined(const ItemPrepared& prepared) {
    std::string text;
    for (const std::string& step : prepared.steps)
        text += step + "; ";
    return text;
}

PrepareItem requestFor(const std::string& source, const Shape& size, Fit fit) {
    PrepareItem request;
    request.config.data.source = source;
    request.config.data.size = size;
    request.config.data.fit = fit;
    return request;
}

double spread(const std::vector<float>& values) {
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double squares = 0;
    for (const float value : values)
        squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace

class prepareTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        // One 8 x 20 picture, its values the column times 10: 0 .. 190.
        std::vector<std::uint8_t> pixels;
        for (int y = 0; y < 8; ++y)
            for (int x = 0; x < 20; ++x)
                pixels.push_back(static_cast<std::uint8_t>(10 * x));
        m_picture = put(m_folder.filePath("wide.npy"), npy("|u1", "(1, 8, 20)", bytesOf(pixels)));
        std::vector<float> samples(100);
        std::iota(samples.begin(), samples.end(), 0.0F);
        m_signal = put(m_folder.filePath("ramp.npy"), npy("<f4", "(1, 100)", bytesOf(samples)));
    }

    void whatIsTakenWholeSaysSo() {
        const auto set = openDataset(requestFor(m_picture, {}, Fit::Exact).config.data);
        const ItemPrepared prepared = prepareItem(*set, requestFor(m_picture, {8, 20}, Fit::Exact));
        QCOMPARE(QString::fromStdString(prepared.steps[0]), QString::fromUtf8("taken whole, 20 × 8"));
        QCOMPARE(prepared.low, 0.0);
        QCOMPARE(prepared.high, 255.0);
        QVERIFY(std::abs(prepared.item.array->values[0] + 1) < 1e-6);
        QVERIFY(std::abs(prepared.item.array->values[19] - (190 / 127.5 - 1)) < 1e-6);
        QCOMPARE(prepared.clampedShare, 0.0);
    }

    void croppingIsTold() {
        const auto set = openDataset(requestFor(m_picture, {}, Fit::Exact).config.data);
        const ItemPrepared prepared = prepareItem(*set, requestFor(m_picture, {4, 4}, Fit::Crop));
        QCOMPARE(prepared.item.array->shape, (Shape{1, 4, 4}));
        const QString text = QString::fromStdString(joined(prepared));
        QVERIFY2(text.contains(QString::fromUtf8("scaled 20 × 8 to 10 × 4; the middle 4 × 4 cut out")),
                 qPrintable(text));
    }

    void paddingIsTold() {
        const auto set = openDataset(requestFor(m_picture, {}, Fit::Exact).config.data);
        const ItemPrepared prepared = prepareItem(*set, requestFor(m_picture, {24, 24}, Fit::Pad));
        const QString text = QString::fromStdString(joined(prepared));
        QVERIFY2(text.startsWith(QString::fromUtf8("padded to 24 × 24 with the lowest value")),
                 qPrintable(text));
        QVERIFY(!text.contains("scaled"));
        QVERIFY(std::abs(prepared.item.array->values[0] + 1) < 1e-6);
    }

    void clampingIsMeasured() {
        PrepareItem request = requestFor(m_picture, {8, 20}, Fit::Exact);
        request.config.data.low = 45;
        request.config.data.high = 145;  // of the columns 0 .. 190, ten lie inside
        const ItemPrepared prepared = prepareItem(*openDataset(request.config.data), request);
        QVERIFY(std::abs(prepared.clampedShare - 0.5) < 1e-9);
        QVERIFY(joined(prepared).find("values 45 to 145 become -1 to 1 (50 %") != std::string::npos);
        QCOMPARE(*std::ranges::min_element(prepared.item.array->values), -1.0F);
        QCOMPARE(*std::ranges::max_element(prepared.item.array->values), 1.0F);
    }

    void aPieceSaysWhereItLies() {
        const PrepareItem request = requestFor(m_signal, {16}, Fit::Crop);
        const auto set = openDataset(request.config.data);
        const ItemPrepared prepared = prepareItem(*set, request);
        // The values are a ramp of 0 .. 99 mapped from -99..99, so the first one tells where the piece lies.
        const long start = std::lround((prepared.item.array->values[0]) * 99);
        const std::string wanted =
            "a random piece of 16 cut out of 100, here at (" + std::to_string(start) + ")";
        QVERIFY2(joined(prepared).find(wanted) != std::string::npos, joined(prepared).c_str());
        PrepareItem longer = requestFor(m_signal, {128}, Fit::Pad);
        QVERIFY(joined(prepareItem(*set, longer)).find("padded to 128 with silence") != std::string::npos);
    }

    void volumesSayWhereThePieceLies() {
        const PrepareItem request = requestFor("demo:heads", {8, 8, 8}, Fit::Crop);
        const auto set = openDataset(request.config.data);
        const ItemPrepared prepared = prepareItem(*set, request);
        const Placement place = set->place(0, {8, 8, 8}, Fit::Crop, 1234);
        const Item whole = set->read(0), piece = set->draw(0, {8, 8, 8}, Fit::Crop, 1234);
        const Shape& shape = whole.array->shape;
        const std::int64_t first = (place.start[0] * shape[2] + place.start[1]) * shape[3] + place.start[2];
        QCOMPARE(piece.array->values[0], whole.array->values[static_cast<std::size_t>(first)]);
        QVERIFY(joined(prepared).find("a random piece of 8 × 8 × 8") != std::string::npos);
    }

    void noiseIsSeededAndKeepsTheSpread() {
        PrepareItem request = requestFor(m_picture, {8, 20}, Fit::Exact);
        const auto set = openDataset(request.config.data);
        QCOMPARE(prepareItem(*set, request).noisy.array->values,
                 prepareItem(*set, request).item.array->values);  // sigma 0
        request.sigma = 50;
        const ItemPrepared once = prepareItem(*set, request), again = prepareItem(*set, request);
        QCOMPARE(once.noisy.array->values, again.noisy.array->values);
        const double clean = spread(once.item.array->values), noisy = spread(once.noisy.array->values);
        QVERIFY2(noisy > 0.6 * clean && noisy < 1.4 * clean, qPrintable(QString::number(noisy)));
        request.noiseSeed = 2;
        QVERIFY(prepareItem(*set, request).noisy.array->values != once.noisy.array->values);
    }

private:
    QTemporaryDir m_folder;
    std::string m_picture, m_signal;
};

QTEST_GUILESS_MAIN(prepareTest)
#include "prepareTest.moc"
