// SPDX-License-Identifier: GPL-3.0-or-later
// Looking at data that stays open: any item, in time, the latest wish first. The helpers are plain C++.
#include <QTest>
#include <cmath>
#include <numeric>

#include "engine/data/Prepare.h"
#include "engine/session/DataDesk.h"
#include "tests/session/Heard.h"

using namespace denoscope;

namespace {

class Desk : public Heard {
public:
    Desk() : m_desk(std::make_unique<DataDesk>(m_mailbox)) {
        m_mailbox.setDoorbell([this] { ring(); });
    }
    ~Desk() {
        m_mailbox.setDoorbell(nullptr);
        m_desk.reset();
    }

    bool post(Command command) { return m_desk->take(command); }

    // Takes what comes until `done` is true; false when nothing comes for two minutes.
    template <typename Done>
    bool until(const Done& done) {
        return waitUntil(
            [this] {
                for (Event& event : m_mailbox.drain().events)
                    events.push_back(std::move(event));
            },
            done);
    }

    std::vector<ItemRead> items(Look look) const {
        std::vector<ItemRead> found;
        for (const ItemsRead& read : all<ItemsRead>())
            if (read.look == look)
                found.insert(found.end(), read.items.begin(), read.items.end());
        return found;
    }

    bool open(const std::string& source) {
        post(OpenData{configOf(source), 0});
        return until([this, &source] {
            const auto opened = all<DataOpened>();
            return !opened.empty() && opened.back().data.source == source;
        });
    }

    static DataConfig configOf(const std::string& source) {
        DataConfig data;
        data.source = source;
        return data;
    }

private:
    Mailbox m_mailbox;
    std::unique_ptr<DataDesk> m_desk;  // last: its thread uses the mailbox
};

const DataConfig shapes = Desk::configOf("demo:shapes");

}  // namespace

class dataDeskTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesOnlyWhatIsItsOwn() {
        Desk desk;
        QVERIFY(!desk.post(Stop{}));
        QVERIFY(!desk.post(Sample{}));
        QVERIFY(desk.post(IndexItems{shapes}));
    }

    void saysWhichItemsThePreviewShows() {
        Desk desk;
        QVERIFY(desk.open("demo:shapes"));
        const DataOpened opened = desk.all<DataOpened>().back();
        QCOMPARE(opened.previewIndices.size(), opened.preview.size());
        const auto set = openDataset(shapes);
        for (std::size_t i = 0; i < opened.preview.size(); ++i)
            QCOMPARE(set->read(opened.previewIndices[i]).array->values, opened.preview[i].array->values);
    }

    void readsAnyItem() {
        Desk desk;
        QVERIFY(desk.open("demo:shapes"));
        desk.post(ReadItems{shapes, Look::Whole, {7, 1000, 7}});
        QVERIFY(desk.until([&] { return desk.items(Look::Whole).size() == 3; }));
        const auto set = openDataset(shapes);
        const auto items = desk.items(Look::Whole);
        QCOMPARE(items[1].index, std::int64_t{1000});
        QCOMPARE(items[1].item.array->values, set->read(1000).array->values);
        QCOMPARE(items[1].item.label, set->labelOf(1000));
        QVERIFY(items[1].error.what.empty());
    }

    void anItemThatIsNotThereIsAnErrorOfItsOwn() {
        Desk desk;
        QVERIFY(desk.open("demo:shapes"));
        desk.post(ReadItems{shapes, Look::Whole, {-1, 1, 1 << 30}});
        QVERIFY(desk.until([&] { return desk.items(Look::Whole).size() == 3; }));
        const auto items = desk.items(Look::Whole);
        QVERIFY(!items[0].item.array && !items[0].error.what.empty());
        QVERIFY(items[1].item.array && items[1].error.what.empty());
        QVERIFY(!items[2].item.array && !items[2].error.remedy.empty());
    }

    void thumbnailsAreSmall() {
        Desk desk;
        QVERIFY(desk.open("demo:shapes"));
        ReadItems request{shapes, Look::Thumbnails, {3}};
        request.longestSide = 8;
        desk.post(request);
        QVERIFY(desk.until([&] { return desk.items(Look::Thumbnails).size() == 1; }));
        const Array& array = *desk.items(Look::Thumbnails)[0].item.array;
        QCOMPARE(std::max(array.shape[1], array.shape[2]), std::int64_t{8});
        QVERIFY(desk.open("demo:heads"));
        desk.post(ReadItems{Desk::configOf("demo:heads"), Look::Thumbnails, {0}});
        QVERIFY(desk.until([&] { return desk.items(Look::Thumbnails).size() == 2; }));
        QCOMPARE(desk.items(Look::Thumbnails)[1].item.array->shape[1], std::int64_t{1});
    }

    void aRequestForOtherDataIsOutOfDate() {
        Desk desk;
        QVERIFY(desk.open("demo:shapes"));
        desk.post(ReadItems{Desk::configOf("demo:heads"), Look::Whole, {0}});
        desk.post(PrepareItem{});  // of the default set, with another part
        RunConfig other;
        other.data.part = "second";
        desk.post(PrepareItem{other});
        desk.post(ReadItems{shapes, Look::Thumbnails, {0}});
        QVERIFY(desk.until([&] { return desk.items(Look::Thumbnails).size() == 1; }));
        QVERIFY(desk.items(Look::Whole).empty());
    }

    void whatCannotBeOpenedLeavesWhatIsOpen() {
        Desk desk;
        QVERIFY(desk.open("demo:shapes"));
        desk.post(OpenData{Desk::configOf("/nowhere/at/all"), 0});
        QVERIFY(desk.until([&] { return desk.all<DataFailed>().size() == 1; }));
        desk.post(ReadItems{shapes, Look::Whole, {1}});
        QVERIFY(desk.until([&] { return desk.items(Look::Whole).size() == 1; }));
    }

    void otherDataIsReadBesideWhatIsOpen() {
        Desk desk;
        QVERIFY(desk.open("demo:shapes"));
        desk.post(ReadBeside{Desk::configOf("demo:heads")});
        QVERIFY(desk.until([&] { return desk.all<BesideRead>().size() == 1; }));
        const BesideRead read = desk.all<BesideRead>()[0];
        QCOMPARE(read.data.source, std::string("demo:heads"));
        QCOMPARE(read.facts.kind, DataKind::Volume);
        QCOMPARE(read.item.array->values, openDataset(Desk::configOf("demo:heads"))->read(0).array->values);
        desk.post(ReadBeside{Desk::configOf("/nowhere/at/all")});
        QVERIFY(desk.until([&] { return desk.all<BesideRead>().size() == 2; }));
        const BesideRead failed = desk.all<BesideRead>()[1];
        QVERIFY(!failed.item.array && !failed.error.what.empty());
        QCOMPARE(failed.error.where, std::string("/nowhere/at/all"));
        desk.post(ReadItems{shapes, Look::Whole, {1}});  // still open
        QVERIFY(desk.until([&] { return desk.items(Look::Whole).size() == 1; }));
    }

    void theLatestRequestWins() {
        Desk desk;
        QVERIFY(desk.open("demo:heads"));
        const DataConfig heads = Desk::configOf("demo:heads");
        std::vector<std::int64_t> all(200);
        std::iota(all.begin(), all.end(), 0);
        desk.post(ReadItems{heads, Look::Whole, all});
        desk.post(ReadItems{heads, Look::Whole, {5}});
        desk.post(ReadItems{heads, Look::Thumbnails, {9}});  // read after all of the other kind
        QVERIFY(desk.until([&] { return desk.items(Look::Thumbnails).size() == 1; }));
        const auto whole = desk.items(Look::Whole);
        QCOMPARE(whole.back().index, std::int64_t{5});
        QVERIFY2(whole.size() < all.size(), "the older request was read to its end");
    }

    void indexesEveryItem() {
        Desk desk;
        QVERIFY(desk.open("demo:shapes"));
        desk.post(IndexItems{shapes, true});
        QVERIFY(desk.until([&] { return desk.all<ItemsIndexed>().size() == 2; }));
        const auto answers = desk.all<ItemsIndexed>();
        const auto set = openDataset(shapes);
        QVERIFY(answers[0].means.empty());
        QCOMPARE(answers[0].labels.size(), static_cast<std::size_t>(set->size()));
        QCOMPARE(answers[1].means.size(), static_cast<std::size_t>(set->size()));
        const Item item = set->read(11);
        const double mean = std::accumulate(item.array->values.begin(), item.array->values.end(), 0.0) /
                            static_cast<double>(item.array->values.size());
        QVERIFY(std::abs(answers[1].means[11] - mean) < 1e-9);
        QCOMPARE(answers[0].labels[11], item.label);
    }

    void preparesAnItem() {
        Desk desk;
        QVERIFY(desk.open("demo:shapes"));
        PrepareItem request;
        request.config.data = shapes;
        request.index = 4;
        request.sigma = 1;
        desk.post(request);
        QVERIFY(desk.until([&] { return desk.all<ItemPrepared>().size() == 1; }));
        QVERIFY(desk.all<ItemPrepared>()[0].error.what.empty());
        request.config.data.size = {5, 5};  // exact, and no such item
        desk.post(request);
        QVERIFY(desk.until([&] { return desk.all<ItemPrepared>().size() == 2; }));
        QVERIFY(!desk.all<ItemPrepared>()[1].item.array);
        QVERIFY(!desk.all<ItemPrepared>()[1].error.remedy.empty());
    }
};

QTEST_GUILESS_MAIN(dataDeskTest)
#include "dataDeskTest.moc"
