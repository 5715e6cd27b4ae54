// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/PanelContext.h"

class QFormLayout;
class QLabel;
class QProgressBar;
class QStackedWidget;
class QVBoxLayout;

namespace denoscope {

class HistogramView;
class ItemsView;
class SettingsForm;
class TextLabel;
class WelcomePage;

// The data: where from, what it is, how it looks, how its values spread, and the settings that shape it.
class DataPanel : public QWidget {
    Q_OBJECT

public:
    explicit DataPanel(const PanelContext& context, QWidget* parent = nullptr);

    const ItemsView& preview() const { return *m_preview; }
    bool showsWelcome() const;

Q_SIGNALS:
    void itemAsked(std::int64_t index);  // of the data, to be seen large

private:
    QWidget* buildPage();
    QWidget* buildHeader();
    void askForItem(int shown);
    void refresh();
    void refreshFacts();
    void refreshWindow();
    std::pair<double, double> previewRange() const;

    PanelContext m_context;
    QStackedWidget* m_pages = nullptr;
    WelcomePage* m_welcome = nullptr;
    TextLabel* m_title = nullptr;
    TextLabel* m_format = nullptr;
    QProgressBar* m_busy = nullptr;
    QFormLayout* m_facts = nullptr;
    TextLabel* m_notes = nullptr;
    TextLabel* m_drawn = nullptr;  // which values are black and white
    ItemsView* m_preview = nullptr;
    HistogramView* m_histogram = nullptr;
    SettingsForm* m_form = nullptr;
    std::string m_shownSource;
};

}  // namespace denoscope
