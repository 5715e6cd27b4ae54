// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/ItemPictures.h"
#include "widgets/ImageGrid.h"

class QStackedWidget;

namespace denoscope {

class ImageView;
class TextLabel;

// Items of any kind, drawn as fits them: images as a grid (activate one to see it large), signals as lanes,
// volumes as linked slices with a row of thumbnails to choose from. Knows nothing of runs.
class ItemsView : public QWidget {
    Q_OBJECT

public:
    explicit ItemsView(QWidget* parent = nullptr);

    void setPlaceholder(const QString& sentence);
    void setThumbnailRow(bool on) { m_thumbnailRow = on; }  // for volumes; true at first
    // One click on an image asks for it elsewhere (itemAsked) instead of showing it large here.
    void askOnClick();
    void hideSliceTools();  // of volumes, where there is little room
    // Real items to hold these against: drawn behind signals, offered as overlays of volumes; images take
    // none. `name` and `shownName` stand in the legend. An empty list: none.
    void setReference(const std::vector<Item>& items, const QString& name, const QString& shownName);
    void hideCaption() { m_captionRow->hide(); }  // of an image shown alone, with its way back to all
    // Of the items that come next: what is said beside the values (the names of the channels, their unit),
    // and how they are stored, if they are.
    void setDetails(const SourceDetails& details, const std::string& dtype = {}) {
        m_details = details;
        m_dtype = dtype;
    }
    // Of volumes: what each channel is drawn on, instead of the range, until somebody chooses; none: the
    // range.
    void setChannelWindows(const std::vector<WindowLevel>& windows) { m_channelWindows = windows; }
    void setItems(const std::vector<Item>& items, DataKind kind, ValueRange range,
                  const std::vector<std::string>& labels);
    void setRange(ValueRange range);  // the values from black to white
    void clear();

    DataKind kind() const { return m_kind; }
    ValueRange range() const { return m_range; }
    int itemCount() const { return static_cast<int>(m_items.size()); }
    const std::vector<Item>& items() const { return m_items; }
    int shownItem() const { return m_single; }  // -1: all of them

public Q_SLOTS:
    void showItem(int index);  // alone; -1: all (volumes always show one)

Q_SIGNALS:
    void shownItemChanged(int index);
    void itemAsked(int index);
    void readoutChanged(const QString& text);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* buildImages();
    QWidget* buildVolumes();
    void refresh();
    void refreshImages();
    void refreshSignals();
    void refreshVolumes();
    void refreshWindow();
    std::vector<GridImage> thumbnails() const;

    std::vector<Item> m_items;
    DataKind m_kind = DataKind::Image;
    ValueRange m_range{0, 1};
    std::vector<std::string> m_labels;
    SourceDetails m_details;
    std::string m_dtype;
    std::vector<WindowLevel> m_channelWindows;
    std::vector<Item> m_reference;
    QString m_referenceName, m_shownName;
    int m_single = -1;
    bool m_thumbnailRow = true;
    ValueRange m_windowed{0, 0};  // the range that the slices were last given
    std::vector<WindowLevel> m_windowedChannels;

    QStackedWidget* m_pages = nullptr;
    QStackedWidget* m_imagePages = nullptr;
    ImageGrid* m_grid = nullptr;
    ImageView* m_image = nullptr;
    QWidget* m_captionRow = nullptr;
    TextLabel* m_imageCaption = nullptr;
    WaveformView* m_signals = nullptr;
    QWidget* m_volumePage = nullptr;
    ImageGrid* m_volumeStrip = nullptr;
    SliceView* m_slices = nullptr;
};

}  // namespace denoscope
