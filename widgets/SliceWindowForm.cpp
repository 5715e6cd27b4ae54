// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceWindowForm.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <algorithm>
#include <cmath>

#include "widgets/HistogramView.h"
#include "widgets/NumberBox.h"
#include "widgets/SliceView.h"

namespace denoscope {

namespace {

// Of a million values at most: the shape of a histogram does not depend on more.
Histogram sampledHistogram(const Volume& volume) {
    constexpr std::size_t most = 1'000'000;
    const auto values = volume.shown();
    const std::size_t stride = values.size() / most + 1;
    std::vector<float> sample;
    for (std::size_t i = 0; i < values.size(); i += stride)
        sample.push_back(values[i]);
    return histogramOf(std::span<const float>(sample));
}

QIcon gradientIcon(ColorMapKind kind) {
    QImage image(256, 1, QImage::Format_RGB32);
    for (int i = 0; i < 256; ++i)
        image.setPixel(i, 0, colorTable(kind)[static_cast<std::size_t>(i)]);
    return QPixmap::fromImage(image.scaled(48, 14));
}

}  // namespace

SliceWindowForm::SliceWindowForm(SliceView& view) : m_view(view) {
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    auto* form = new QFormLayout(this);
    m_histogram = new HistogramView;
    m_histogram->setMinimumSize(340, 130);
    m_histogram->setHandlesVisible(true);
    m_histogram->setLogCounts(true);
    form->addRow(m_histogram);
    connect(m_histogram, &HistogramView::handlesMoved, &m_view, [this](double low, double high) {
        const WindowLevel window = WindowLevel::fromRange(low, high);
        m_view.setWindow(window.center, window.width);
    });
    buildNumbers(*form);
    buildPresets(*form);
    connect(&m_view, &SliceView::sceneChanged, this, &SliceWindowForm::refresh);
}

void SliceWindowForm::buildNumbers(QFormLayout& form) {
    m_center = numberBox(tr("Centre"));
    m_width = numberBox(tr("Width"));
    m_width->setMinimum(1e-4);
    auto* row = new QHBoxLayout;
    row->addWidget(m_center, 1);
    row->addWidget(m_width, 1);
    form.addRow(tr("Centre, width"), row);
    const auto change = [this] { m_view.setWindow(m_center->value(), m_width->value()); };
    connect(m_center, &QDoubleSpinBox::valueChanged, this, change);
    connect(m_width, &QDoubleSpinBox::valueChanged, this, change);
    m_map = new QComboBox;
    m_map->setIconSize({48, 14});
    for (const ColorMapKind kind : colorMaps())
        m_map->addItem(gradientIcon(kind), colorMapName(kind));
    connect(m_map, &QComboBox::activated, this,
            [this](int index) { m_view.setColorMap(colorMaps()[static_cast<std::size_t>(index)]); });
    form.addRow(tr("Colours"), m_map);
}

void SliceWindowForm::buildPresets(QFormLayout& form) {
    m_name = new QLineEdit;
    m_name->setPlaceholderText(tr("Name of this window"));
    m_name->setMaxLength(40);
    m_keep = new QPushButton(tr("Keep"));
    m_keep->setToolTip(tr("Keep this window under the name; a preset of that name is changed"));
    m_remove = new QPushButton(tr("Remove"));
    m_remove->setToolTip(tr("Remove the preset of this name"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_name, 1);
    row->addWidget(m_keep);
    row->addWidget(m_remove);
    form.addRow(tr("Preset"), row);
    connect(m_name, &QLineEdit::textChanged, this, &SliceWindowForm::refresh);
    connect(m_keep, &QPushButton::clicked, this, &SliceWindowForm::keepPreset);
    connect(m_remove, &QPushButton::clicked, this, &SliceWindowForm::removePreset);
}

void SliceWindowForm::keepPreset() {
    std::vector<WindowPreset> presets = m_view.windowPresets();
    const WindowPreset kept{m_name->text().trimmed(), m_view.window().center, m_view.window().width};
    auto place = std::find_if(presets.begin(), presets.end(),
                              [&](const WindowPreset& preset) { return preset.name == kept.name; });
    if (place == presets.end())
        place = presets.insert(presets.end(), kept);
    *place = kept;
    const auto index = static_cast<int>(place - presets.begin());
    m_view.setWindowPresets(std::move(presets));
    m_view.choosePreset(firstPreset + index);
    Q_EMIT m_view.windowPresetsEdited();
}

void SliceWindowForm::removePreset() {
    std::vector<WindowPreset> presets = m_view.windowPresets();
    std::erase_if(presets,
                  [&](const WindowPreset& preset) { return preset.name == m_name->text().trimmed(); });
    m_view.setWindowPresets(std::move(presets));
    Q_EMIT m_view.windowPresetsEdited();
}

void SliceWindowForm::refresh() {
    if (!isVisible())
        return;
    const WindowLevel& window = m_view.window();
    const QSignalBlocker quietCenter(m_center), quietWidth(m_width);
    m_center->setValue(window.center);
    m_width->setValue(window.width);
    m_histogram->setHandles(window.low(), window.high());
    const auto maps = colorMaps();
    m_map->setCurrentIndex(
        static_cast<int>(std::find(maps.begin(), maps.end(), m_view.scene().colors.map) - maps.begin()));
    const auto& presets = m_view.windowPresets();
    const QString name = m_name->text().trimmed();
    m_keep->setEnabled(!name.isEmpty());
    m_remove->setEnabled(
        std::any_of(presets.begin(), presets.end(), [&](const WindowPreset& p) { return p.name == name; }));
}

void SliceWindowForm::showEvent(QShowEvent*) {
    const auto& volume = m_view.volume();
    if (volume && m_counted.lock() != volume) {
        m_histogram->setHistogram(sampledHistogram(*volume));
        m_histogram->setUnit(volume->unit);
        m_counted = volume;
    }
    if (m_view.preset() >= firstPreset)
        m_name->setText(m_view.windowPresets()[static_cast<std::size_t>(m_view.preset() - firstPreset)].name);
    refresh();
}

}  // namespace denoscope
