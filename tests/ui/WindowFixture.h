// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "FakeEngine.h"
#include "MadeData.h"
#include "ui/MainWindow.h"
#include "ui/ThemeChoice.h"

namespace denoscope {

// The whole window on an engine made for the purpose, with settings that nobody else sees; anew for each
// test.
class WindowFixture {
protected:
    void begin(ItemExporter write = {}) {
        m_scratch = std::make_unique<QTemporaryDir>();
        m_engine = std::make_unique<FakeEngine>();
        m_settings = std::make_unique<QSettings>(m_scratch->filePath("settings.ini"), QSettings::IniFormat);
        openWindow(std::move(write));
    }
    void openWindow(ItemExporter write) {
        m_window = std::make_unique<MainWindow>(WindowServices{
            *m_engine, *m_settings, m_theme, std::move(write), m_scratch->filePath("runs"), "cpu"});
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void end() {
        m_window.reset();
        m_settings.reset();
    }

    void openMade(DataKind kind) {
        m_window->controller().openData(QString::fromStdString(madeFacts(kind).source));
        m_engine->say(madeData(kind));
        QTRY_VERIFY(m_window->model().facts().has_value());
    }

    void train(DataKind kind) {
        openMade(kind);
        m_engine->say(madeRun(kind, m_scratch->filePath("runs/a").toStdString(), 0));
        m_engine->enter(RunState::Training);
        QTRY_COMPARE(m_window->model().state(), RunState::Training);
    }

    const ThemeChoice m_theme{*qApp};
    std::unique_ptr<QTemporaryDir> m_scratch;
    std::unique_ptr<FakeEngine> m_engine;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
};

}  // namespace denoscope
