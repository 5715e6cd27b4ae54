// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/MadeData.h"

#include <QtMath>
#include <algorithm>
#include <cmath>
#include <random>

namespace denoscope {

std::vector<double> lossCurve(int points) {
    std::mt19937 random(7);
    std::normal_distribution<double> noise(0, 0.18);
    std::vector<double> loss;
    for (int i = 0; i < points; ++i)
        loss.push_back((0.06 + 1.1 * std::exp(-i / (points * 0.06))) * std::exp(noise(random)));
    return loss;
}

std::vector<GridImage> ringImages(int count, int side) {
    std::vector<GridImage> items;
    for (int n = 0; n < count; ++n) {
        QImage image(side, side, QImage::Format_Grayscale8);
        const double radius = side * (0.16 + 0.03 * (n % 7));
        const double middleX = side * (0.5 + 0.06 * std::sin(n));
        const double middleY = side * (0.5 + 0.06 * std::cos(2.0 * n));
        for (int y = 0; y < side; ++y)
            for (int x = 0; x < side; ++x) {
                const double distance = std::hypot(x - middleX, y - middleY) - radius;
                image.scanLine(y)[x] = static_cast<uchar>(255 * std::exp(-distance * distance / 3));
            }
        items.push_back({image, QStringLiteral("class %1").arg(n % 10)});
    }
    return items;
}

QImage colorImage(int side) {
    QImage image(side, side, QImage::Format_RGB32);
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            image.setPixel(x, y,
                           QColor::fromHsv(x * 359 / side, 60 + y * 195 / side, 255 - y * 120 / side).rgb());
    return image;
}

Signal chirp(int channels, int length, double rate) {
    auto samples = std::make_shared<std::vector<float>>();
    for (int channel = 0; channel < channels; ++channel)
        for (int i = 0; i < length; ++i) {
            const double t = i / static_cast<double>(length);
            const double envelope = std::exp(-4 * t) * std::min(1.0, 40 * t);
            samples->push_back(
                static_cast<float>(envelope * std::sin(2 * M_PI * (12 + 90 * t) * t * (channel + 1))));
        }
    return {samples, channels, rate, QStringLiteral("chirp")};
}

std::shared_ptr<const Volume> headPhantom() {
    auto values = std::make_shared<std::vector<float>>();
    auto volume = std::make_shared<Volume>();
    volume->depth = 60;
    volume->height = 110;
    volume->width = 90;
    volume->spacing = {2, 2, 3};
    volume->affine = {2, 0, 0, -90, 0, 2, 0, -110, 0, 0, 3, -90, 0, 0, 0, 1};
    volume->unit = QStringLiteral("HU");
    std::mt19937 random(3);
    std::normal_distribution<float> noise(0, 6);
    for (int k = 0; k < volume->depth; ++k)
        for (int j = 0; j < volume->height; ++j)
            for (int i = 0; i < volume->width; ++i) {
                const auto mm = toPatient(volume->affine, {i, j, k});
                const auto inside = [&](double x, double y, double z, double a, double b, double c) {
                    return std::pow((mm[0] - x) / a, 2) + std::pow((mm[1] - y) / b, 2) +
                               std::pow((mm[2] - z) / c, 2) <
                           1;
                };
                float value = -1000;
                if (inside(0, 0, 0, 76, 96, 80))
                    value = 60;
                if (inside(0, 0, 0, 70, 90, 74))
                    value = 900;
                if (inside(0, 0, 0, 64, 84, 68))
                    value = 32;
                if (inside(-14, 4, 6, 7, 26, 14) || inside(14, 4, 6, 7, 26, 14))
                    value = 4;
                if (inside(36, -20, 10, 11, 11, 11))
                    value = 72;
                values->push_back(value + noise(random));
            }
    volume->samples = values;
    return volume;
}

}  // namespace denoscope
