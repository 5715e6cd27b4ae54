// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/NetworkView.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QSlider>
#include <QSplitter>
#include <QTimer>
#include <algorithm>
#include <cmath>

#include "ui/ItemsView.h"
#include "ui/TextLabel.h"
#include "widgets/HistogramView.h"
#include "widgets/NumberBox.h"

namespace denoscope {

namespace {

constexpr int sliderSteps = 1000;
constexpr int histogramHeight = 110, leastHistogramHeight = 64;
constexpr ValueRange networkRange{-1, 1};

QWidget* titled(QLabel* title, QWidget* view, QWidget* parent) {
    auto* holder = new QWidget(parent);
    auto* column = new QVBoxLayout(holder);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(title);
    column->addWidget(view, 1);
    return holder;
}

}  // namespace

NetworkView::NetworkView(RunModel& model, ItemStore& store, QWidget* parent)
    : QWidget(parent), m_model(model), m_store(store), m_later(new QTimer(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_steps = new TextLabel(TextLabel::Role::Body, {}, this);
    m_steps->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_steps);
    column->addWidget(buildViews(), 1);
    column->addLayout(buildNoiseRow());
    m_histogram = new HistogramView(this);
    m_histogram->setMinimumHeight(leastHistogramHeight);
    m_histogram->setMaximumHeight(histogramHeight);
    m_histogram->setAccessibleName(tr("Values of the item as the network sees it"));
    m_histogram->setToolTip(tr("How often each value occurs once mapped to -1..1"));
    column->addWidget(m_histogram);
    m_later->setSingleShot(true);
    m_later->setInterval(0);
    connect(m_later, &QTimer::timeout, this, &NetworkView::ask);
    connect(&store, &ItemStore::prepared, this, &NetworkView::present);
    connect(&model, &RunModel::configChanged, this, [this] {
        refreshRange();
        m_later->start();
    });
    refreshRange();
    setSigma(0.5);
}

QWidget* NetworkView::buildViews() {
    auto* splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    m_clean = new ItemsView(splitter);
    m_noisy = new ItemsView(splitter);
    m_noisyTitle = new TextLabel(TextLabel::Role::Muted, {}, this);
    for (ItemsView* view : {m_clean, m_noisy})
        view->hideCaption();
    m_cleanTitle = new TextLabel(TextLabel::Role::Muted, {}, this);
    splitter->addWidget(titled(m_cleanTitle, m_clean, splitter));
    splitter->addWidget(titled(m_noisyTitle, m_noisy, splitter));
    splitter->setSizes({1000, 1000});
    return splitter;
}

QLayout* NetworkView::buildNoiseRow() {
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    const auto addLabel = [this, row](const QString& text) {
        auto* label = new TextLabel(TextLabel::Role::Muted, text, this);
        label->setWordWrap(false);
        row->addWidget(label);
    };
    addLabel(tr("Noise σ"));
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setRange(0, sliderSteps);
    m_slider->setMinimumWidth(48);
    m_slider->setAccessibleName(tr("Noise level"));
    m_slider->setToolTip(
        tr("How much noise is added, on a logarithmic scale from the lowest to the highest level at which "
           "samples are drawn. Clean values span -1 to 1."));
    row->addWidget(m_slider, 1);
    m_sigma = numberBox(tr("Noise level as a number"));
    m_sigma->setMinimumWidth(100);  // in narrow windows
    row->addWidget(m_sigma);
    addLabel(tr("Seed"));
    m_seed = new QSpinBox(this);
    m_seed->setRange(1, 1'000'000);
    m_seed->setMinimumWidth(60);
    m_seed->setAccessibleName(tr("Seed of the noise"));
    m_seed->setToolTip(tr("Another seed: other noise, and another random piece of a larger item"));
    row->addWidget(m_seed);
    connect(m_slider, &QSlider::valueChanged, this, [this](int place) {
        const QSignalBlocker quiet(m_sigma);
        m_sigma->setValue(m_lowest *
                          std::pow(m_highest / m_lowest, static_cast<double>(place) / sliderSteps));
        m_later->start();
    });
    connect(m_sigma, &QDoubleSpinBox::valueChanged, this, [this](double value) { setSigma(value); });
    connect(m_seed, &QSpinBox::valueChanged, this, [this] { m_later->start(); });
    return row;
}

void NetworkView::refreshRange() {
    const SamplingConfig& sampling = m_model.config().sampling;
    if (!(sampling.sigmaMin > 0 && sampling.sigmaMin < sampling.sigmaMax))
        return;  // being edited
    m_lowest = sampling.sigmaMin;
    m_highest = sampling.sigmaMax;
    const QSignalBlocker quiet(m_sigma);
    m_sigma->setRange(m_lowest, m_highest);
    setSigma(m_sigma->value());
}

double NetworkView::sigma() const {
    return m_sigma->value();
}

void NetworkView::setSigma(double sigma) {
    const QSignalBlocker sigmaQuiet(m_sigma), sliderQuiet(m_slider);
    m_sigma->setValue(std::clamp(sigma, m_lowest, m_highest));
    const double share = std::log(m_sigma->value() / m_lowest) / std::log(m_highest / m_lowest);
    m_slider->setValue(static_cast<int>(std::lround(share * sliderSteps)));
    m_later->start();
}

QString NetworkView::stepsText() const {
    return m_steps->text();
}

void NetworkView::showIndex(std::int64_t index) {
    m_index = index;
    if (index < 0) {
        m_clean->clear();
        m_noisy->clear();
        m_histogram->setHistogram({});
        m_steps->clear();
    }
    m_later->start();
}

void NetworkView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_later->start();
}

void NetworkView::ask() {
    if (m_index >= 0 && isVisible())
        m_store.prepare(m_model.config(), m_index, sigma(), m_seed->value());
}

void NetworkView::present(const ItemPrepared& prepared) {
    if (prepared.request.index != m_index || !m_model.facts())
        return;
    if (!prepared.item.array) {
        m_steps->setText(tr("It cannot be prepared: %1").arg(QString::fromStdString(toText(prepared.error))));
        m_clean->clear();
        m_noisy->clear();
        m_histogram->setHistogram({});
        return;
    }
    QStringList steps;
    for (const std::string& step : prepared.steps)
        steps << QString::fromStdString(step);
    QString text = steps.join(QStringLiteral("; ")) + '.';
    text[0] = text[0].toUpper();
    m_steps->setText(text);
    const DataKind kind = m_model.kind();
    SourceDetails details = m_model.details();
    details.unit.clear();  // the network's values have none
    for (ItemsView* view : {m_clean, m_noisy})
        view->setDetails(details);
    m_clean->setItems({prepared.item}, kind, networkRange, m_model.labels());
    m_noisy->setItems({prepared.noisy}, kind, networkRange, m_model.labels());
    for (ItemsView* view : {m_clean, m_noisy})
        view->showItem(0);
    const auto [low, high] = std::ranges::minmax(prepared.item.array->values);
    m_cleanTitle->setText(tr("Values %1 to %2").arg(low, 0, 'g', 3).arg(high, 0, 'g', 3));
    m_cleanTitle->setToolTip(tr("-1 is drawn black, 1 white"));
    m_noisyTitle->setText(tr("With noise of σ = %1").arg(prepared.request.sigma, 0, 'g', 4));
    m_noisyTitle->setToolTip(
        tr("Clean plus σ times noise, brought back to the spread of the clean item, so that it can be seen"));
    m_histogram->setHistogram(histogramOf(std::vector<Item>{prepared.item}));
}

}  // namespace denoscope
