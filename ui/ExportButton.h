// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <functional>

#include "engine/api/Data.h"
#include "ui/ElasticButton.h"
#include "ui/PanelContext.h"

namespace denoscope {

// Writes the items of a view to a file that the person names: pictures, NPY, WAV or NIfTI by its ending. The
// writing happens outside the UI thread; what came of it is told in the log and, when it failed, in the
// banner.
class ExportButton : public ElasticButton {
    Q_OBJECT

public:
    using ItemSource = std::function<std::vector<Item>()>;

    ExportButton(const PanelContext& context, ItemSource items, QWidget* parent = nullptr);
    ~ExportButton() override;  // waits for a file that is being written

    using FrameSource = std::function<std::vector<std::vector<Item>>()>;

    // Offers a film as well, one picture for each list of items.
    void offerFilm(FrameSource frames) { m_frames = std::move(frames); }
    // The items are of the open data, not drawn by the run: their kind and window of values are the data's.
    void describeData() { m_ofData = true; }
    void exportTo(const QString& path);

Q_SIGNALS:
    void exported(const QStringList& paths);

private:
    void ask();

    DataKind kind() const;
    QString filters() const;
    std::function<std::vector<std::string>()> writer(const QString& path) const;

    PanelContext m_context;
    ItemSource m_items;
    FrameSource m_frames;
    bool m_ofData = false;
    QFuture<void> m_writing;
};

}  // namespace denoscope
