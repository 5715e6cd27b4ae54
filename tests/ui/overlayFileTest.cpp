// SPDX-License-Identifier: GPL-3.0-or-later
// A second file over the slices that are shown: asked of the engine, laid over by its place, refused in
// words.
#include <QComboBox>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "FakeEngine.h"
#include "ui/ItemPictures.h"
#include "ui/Preferences.h"
#include "ui/viewers/OverlayFiles.h"
#include "widgets/SliceOverlayForm.h"

using namespace denoscope;

namespace {

Item itemOf(const Shape& shape, float value, double spacing) {
    auto array = std::make_shared<Array>();
    array->shape = shape;
    array->values.assign(static_cast<std::size_t>(elementCount(shape)), value);
    Item item;
    item.array = array;
    item.name = "second";
    item.geometry.spacing = {spacing, spacing, spacing};
    item.geometry.affine = {spacing, 0, 0, 0, 0, spacing, 0, 0, 0, 0, spacing, 0, 0, 0, 0, 1};
    return item;
}

}  // namespace

class overlayFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_view = std::make_unique<SliceView>();
        m_view->setVolume(volumeOf(itemOf({1, 4, 5, 6}, 1, 2)));
        m_files = new OverlayFiles(m_model, m_preferences, *m_view);
        m_reports.clear();
    }
    void initTestCase() {
        connect(&m_model, &RunModel::reported, this, [this](LogLine::Level, const Error& error) {
            m_reports << QString::fromStdString(toText(error));
        });
    }

    void theFormOffersFilesWhereSomebodyReadsThem() {
        auto* form = m_view->findChild<SliceOverlayForm*>();
        QCOMPARE(choicesOf(*form).mid(2), (QStringList{QStringLiteral("File…"), QStringLiteral("Folder…")}));
        QSignalSpy wanted(m_view.get(), &SliceView::overlayFileWanted);
        delete m_files;  // no dialog in a test
        Q_EMIT form->findChild<QComboBox*>()->activated(3);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toBool(), true);
        SliceView other;
        QCOMPARE(choicesOf(*other.findChild<SliceOverlayForm*>()), QStringList{QStringLiteral("None")});
    }

    void aFileOnAnotherGridIsLaidOverWhatIsShown() {
        const auto shown = m_view->volume();
        m_files->read(QStringLiteral("/data/mask.nii"));
        QCOMPARE(m_engine.commands<ReadBeside>().back().data.source, std::string("/data/mask.nii"));
        answer("/data/mask.nii", itemOf({1, 8, 10, 12}, 7, 1));
        QTRY_VERIFY(m_view->scene().overlay);
        QCOMPARE(m_view->volume(), shown);
        QVERIFY2(m_view->readout().contains(QStringLiteral("overlay 7 HU")), qPrintable(m_view->readout()));
        QVERIFY(m_reports.isEmpty());
    }

    void aBadFileLeavesAllAsItWas() {
        answerTo("/data/good.nii", itemOf({1, 4, 5, 6}, 3, 2));
        QTRY_VERIFY(m_view->scene().overlay);
        const auto before = m_view->scene().overlay;
        m_files->read(QStringLiteral("/data/bad.nii"));
        answer("/data/bad.nii", {}, {"the file is cut short", "/data/bad.nii", "copy it again"});
        QTRY_COMPARE(m_reports.size(), 1);
        QVERIFY(m_reports[0].contains(QStringLiteral("cut short")));
        answerTo("/data/sound.wav", itemOf({1, 100}, 3, 1));
        QTRY_COMPARE(m_reports.size(), 2);
        answerTo("/data/photograph.png", itemOf({3, 9, 9}, 3, 1));
        QTRY_COMPARE(m_reports.size(), 3);
        QVERIFY2(m_reports[2].contains(QStringLiteral("does not say where it lies")),
                 qPrintable(m_reports[2]));
        QCOMPARE(m_view->scene().overlay, before);
    }

    void onlyTheLatestWishCounts() {
        m_files->read(QStringLiteral("/data/first.nii"));
        answerTo("/data/second.nii", itemOf({1, 4, 5, 6}, 2, 2));
        answer("/data/first.nii", itemOf({1, 4, 5, 6}, 1, 2));
        QTRY_VERIFY(m_view->scene().overlay);
        QCoreApplication::processEvents();
        QCOMPARE(m_view->scene().overlay->at({0, 0, 0}), 2.0F);
    }

private:
    static QStringList choicesOf(SliceOverlayForm& form) {
        form.show();
        const auto* box = form.findChild<QComboBox*>();
        QStringList names;
        for (int i = 0; i < box->count(); ++i)
            names << box->itemText(i);
        return names;
    }
    void answer(const std::string& path, Item item, Error error = {}) {
        BesideRead read;
        read.data.source = path;
        read.facts.details.unit = "HU";
        read.item = std::move(item);
        read.error = std::move(error);
        m_engine.say(std::move(read));
    }
    void answerTo(const std::string& path, Item item) {
        m_files->read(QString::fromStdString(path));
        answer(path, std::move(item));
    }

    QTemporaryDir m_folder;
    QSettings m_settings{m_folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    Preferences m_preferences{m_settings};
    FakeEngine m_engine;
    EngineClient m_client{m_engine};
    RunModel m_model{m_client};
    std::unique_ptr<SliceView> m_view;
    OverlayFiles* m_files = nullptr;  // owned by the view
    QStringList m_reports;
};

QTEST_MAIN(overlayFileTest)
#include "overlayFileTest.moc"
