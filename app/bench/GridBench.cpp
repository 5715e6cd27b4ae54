// SPDX-License-Identifier: GPL-3.0-or-later
// A hundred thousand thumbnails, and two photographs compared.
#include <QScrollBar>
#include <cmath>

#include "app/bench/FrameTimes.h"
#include "app/bench/ViewBenches.h"
#include "widgets/ImageCompare.h"
#include "widgets/ImageGrid.h"

namespace denoscope {

namespace {

constexpr int items = 100'000;

QImage thumbnail(int seed, int side) {
    QImage image(side, side, QImage::Format_RGB32);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            image.setPixel(x, y, qRgb((x * seed) & 255, (y * seed) & 255, (x + y) & 255));
    return image;
}

ValueImage photograph(int width, int height, float phase, const QString& caption) {
    std::vector<float> values;
    for (int channel = 0; channel < 3; ++channel)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                values.push_back(128 + 100 * std::sin(0.01F * static_cast<float>(x + channel * y) + phase));
    return {3, height, width, std::make_shared<const std::vector<float>>(std::move(values)), caption};
}

void benchGrid(int side) {
    std::vector<QImage> drawn;
    for (int i = 0; i < 64; ++i)
        drawn.push_back(thumbnail(i + 1, side));
    ImageGrid grid;
    grid.resize(1280, 800);
    grid.setThumbnailSize(96);
    printTime("Grid of 100000 thumbnails of " + std::to_string(side) + " pixels: first frame", [&] {
        grid.setProvider(items,
                         [&drawn](int index) {
                             return GridImage{drawn[static_cast<std::size_t>(index) % drawn.size()],
                                              QString::number(index)};
                         },
                         {side, side});
        grid.grab();
    });
    QScrollBar* bar = grid.verticalScrollBar();
    printFrameTimes("  scroll", grid, 120, 16, [&](int frame) { bar->setValue(frame * 37); });
    printFrameTimes("  jump", grid, 120, 16, [&](int frame) { bar->setValue(bar->maximum() / 120 * frame); });
}

}  // namespace

void benchGrids() {
    for (const int side : {28, 160})
        benchGrid(side);
    ImageCompare compare;
    compare.resize(1280, 800);
    compare.setRange(0, 255);
    const ValueImage one = photograph(4000, 3000, 0, "one"), other = photograph(4000, 3000, 1, "other");
    printTime("Comparison of two photographs, 4000 x 3000 in colour: drawn",
              [&] { compare.setImages(one, other); });
    printTime("  subtracted", [&compare] { compare.setMode(ImageCompare::Mode::Difference); });
    for (const auto& [mode, name] : {std::pair(ImageCompare::Mode::SideBySide, "side by side"),
                                     std::pair(ImageCompare::Mode::Wipe, "wipe"),
                                     std::pair(ImageCompare::Mode::Difference, "difference")}) {
        compare.setMode(mode);
        printFrameTimes(std::string("  ") + name + ", wipe or zoom", compare, 60, 16,
                        [&](int frame) { compare.setDivider(0.2 + 0.01 * frame); });
    }
}

}  // namespace denoscope
