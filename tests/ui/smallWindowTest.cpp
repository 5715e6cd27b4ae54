// SPDX-License-Identifier: GPL-3.0-or-later
// Small windows: nothing is cut, covered by its neighbour or scrolled sideways.
#include <QDockWidget>
#include <QLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>

#include "WindowFixture.h"
#include "ui/DenoisingPanel.h"
#include "ui/ModelPanel.h"
#include "ui/Workspace.h"
#include "widgets/ScrubBar.h"

using namespace denoscope;

class smallWindowTest : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void presetsAndCostAreNotClipped() {
        m_window->resize(1280, 720);
        openMade(DataKind::Image);
        m_window->workspace().showPanel("model");
        QVERIFY(QTest::qWaitFor([&] { return modelPanel().isVisible(); }));
        QWidget* viewport = modelPanel().findChild<QScrollArea*>()->viewport();
        QWidget* page = modelPanel().findChild<QScrollArea*>()->widget();
        for (const ModelFamily family : {ModelFamily::Karras, ModelFamily::Ddpm}) {
            RunConfig config = m_window->model().config();
            config.model.family = family;
            m_window->model().setConfig(config);
            QCoreApplication::processEvents();
            QVERIFY2(
                page->minimumSizeHint().width() <= viewport->width(),
                qPrintable(QString("%1 > %2").arg(page->minimumSizeHint().width()).arg(viewport->width())));
        }
    }

    void nothingIsWiderThanItsPanel_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("kind");
        for (const QSize size : {QSize(1000, 620), QSize(1024, 576), QSize(1280, 720)})
            for (const DataKind kind : {DataKind::Signal, DataKind::Image, DataKind::Volume})
                QTest::addRow("%s at %d", toText(kind), size.width()) << size << static_cast<int>(kind);
    }
    void nothingIsWiderThanItsPanel() {
        QFETCH(QSize, size);
        QFETCH(int, kind);
        m_theme.apply("dark");
        m_window->resize(size);
        train(static_cast<DataKind>(kind));
        for (int i = 0; i < 5; ++i)
            m_engine->say(madeFrame(static_cast<DataKind>(kind), i, 5));
        QTRY_COMPARE(m_window->denoisingPanel().scrub().frameCount(), 5);
        QTRY_COMPARE(m_window->size(), size);
        for (QDockWidget* dock : m_window->workspace().docks()) {
            m_window->workspace().showPanel(dock->objectName());
            QTRY_VERIFY(dock->widget()->isVisible());
            QCoreApplication::processEvents();
            const QWidget* panel = dock->widget();
            const QString where = QString("%1: %2 of %3")
                                      .arg(dock->objectName())
                                      .arg(panel->width())
                                      .arg(panel->minimumSizeHint().width());
            QVERIFY2(panel->width() >= panel->minimumSizeHint().width(), qPrintable(where));
            QVERIFY2(panel->width() <= dock->width() && dock->geometry().right() <= size.width(),
                     qPrintable(where + QString(" in %1").arg(dock->width())));
            for (const QDockWidget* other : m_window->workspace().docks())
                QVERIFY2(other == dock || !other->geometry().intersects(dock->geometry()),
                         qPrintable(where + " under " + other->objectName()));
            const int height = panel->layout()->hasHeightForWidth()
                                   ? panel->layout()->minimumHeightForWidth(panel->width())
                                   : panel->minimumSizeHint().height();
            QVERIFY2(
                height <= dock->height(),
                qPrintable(
                    QString("%1: %2 of %3 high").arg(dock->objectName()).arg(dock->height()).arg(height)));
            for (const auto* area : panel->findChildren<QScrollArea*>())
                QVERIFY2(
                    !area->isVisible() || area->horizontalScrollBar()->maximum() == 0,
                    qPrintable(QString("%1 + %2").arg(where).arg(area->horizontalScrollBar()->maximum())));
        }
    }

private:
    ModelPanel& modelPanel() { return *m_window->findChild<ModelPanel*>(); }
};

QTEST_MAIN(smallWindowTest)
#include "smallWindowTest.moc"
