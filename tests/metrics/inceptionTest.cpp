// SPDX-License-Identifier: GPL-3.0-or-later
// Inception v3 with made weights against loops that know nothing of LibTorch's operations, and its layers
// counted.
#include <ATen/ATen.h>

#include <QtTest>
#include <cmath>
#include <set>

#include "engine/api/Error.h"
#include "engine/core/Noise.h"
#include "engine/metrics/Inception.h"
#include "engine/metrics/InceptionPlan.h"

using namespace denoscope;

namespace {

using Weights = std::map<std::string, at::Tensor>;

const Weights& madeWeights() {
    static const Weights weights = [] {
        Weights made;
        std::uint64_t key = 0;
        for (const auto& [name, shape] : inceptionShapes()) {
            const at::Tensor normal = standardNormal(shape, ++key);
            if (name.ends_with("conv.weight"))
                made[name] = normal * std::sqrt(2.0 / static_cast<double>(normal[0].numel()));
            else if (name.ends_with("running_var"))
                made[name] = 0.5 + normal.abs();
            else
                made[name] = name.ends_with("bn.weight") ? 1 + 0.2 * normal : 0.3 * normal;
        }
        return made;
    }();
    return weights;
}

const Inception& inception() {
    static const Inception network(madeWeights());
    return network;
}

// One picture (C, H, W), plainly.
struct Picture {
    std::int64_t channels, height, width;
    std::vector<double> values;

    double at(std::int64_t c, std::int64_t y, std::int64_t x) const {
        return values[static_cast<std::size_t>((c * height + y) * width + x)];
    }
    bool holds(std::int64_t y, std::int64_t x) const { return y >= 0 && y < height && x >= 0 && x < width; }
};

Picture picture(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.to(at::kDouble).contiguous();
    const double* data = plain.data_ptr<double>();
    return {plain.size(0), plain.size(1), plain.size(2), {data, data + plain.numel()}};
}

// Convolution, normalisation by stored statistics, ReLU: as in a textbook.
Picture layer(const std::string& name, const Picture& x, std::int64_t stride = 1, std::int64_t padHeight = 0,
              std::int64_t padWidth = 0) {
    const at::Tensor kernel = madeWeights().at(name + ".conv.weight").contiguous();
    const auto w = kernel.accessor<float, 4>();
    const auto part = [&](const char* which, std::int64_t c) {
        return static_cast<double>(madeWeights().at(name + ".bn." + which)[c].item<float>());
    };
    const std::int64_t kh = kernel.size(2), kw = kernel.size(3);
    Picture y{kernel.size(0),
              (x.height + 2 * padHeight - kh) / stride + 1,
              (x.width + 2 * padWidth - kw) / stride + 1,
              {}};
    for (std::int64_t o = 0; o < y.channels; ++o) {
        const double scale = part("weight", o) / std::sqrt(part("running_var", o) + 0.001);
        const double shift = part("bias", o) - part("running_mean", o) * scale;
        for (std::int64_t r = 0; r < y.height; ++r)
            for (std::int64_t s = 0; s < y.width; ++s) {
                double sum = 0;
                for (std::int64_t i = 0; i < x.channels; ++i)
                    for (std::int64_t u = 0; u < kh; ++u)
                        for (std::int64_t v = 0; v < kw; ++v) {
                            const std::int64_t row = r * stride - padHeight + u,
                                               column = s * stride - padWidth + v;
                            if (x.holds(row, column))
                                sum += static_cast<double>(w[o][i][u][v]) * x.at(i, row, column);
                        }
                y.values.push_back(std::max(0.0, sum * scale + shift));
            }
    }
    return y;
}

// The mean or the maximum of the neighbours that there are, three by three.
Picture pooled(const Picture& x, bool mean, std::int64_t stride, std::int64_t padding) {
    Picture y{
        x.channels, (x.height + 2 * padding - 3) / stride + 1, (x.width + 2 * padding - 3) / stride + 1, {}};
    for (std::int64_t c = 0; c < y.channels; ++c)
        for (std::int64_t r = 0; r < y.height; ++r)
            for (std::int64_t s = 0; s < y.width; ++s) {
                double sum = 0, largest = -1e30, count = 0;
                for (std::int64_t row = r * stride - padding; row < r * stride - padding + 3; ++row)
                    for (std::int64_t column = s * stride - padding; column < s * stride - padding + 3;
                         ++column)
                        if (x.holds(row, column)) {
                            sum += x.at(c, row, column);
                            largest = std::max(largest, x.at(c, row, column));
                            ++count;
                        }
                y.values.push_back(mean ? sum / count : largest);
            }
    return y;
}

bool equal(const at::Tensor& actual, const std::vector<Picture>& branches) {
    std::vector<double> expected;
    for (const Picture& branch : branches)
        expected.insert(expected.end(), branch.values.begin(), branch.values.end());
    const at::Tensor wanted = at::tensor(expected, at::kDouble);
    if (actual.numel() != wanted.numel())
        return false;
    const double error = (actual.to(at::kDouble).flatten() - wanted).abs().max().item<double>() /
                         wanted.abs().max().item<double>();
    if (error > 1e-5)
        qWarning("relative difference %.2g", error);
    return error <= 1e-5;
}

at::Tensor input(std::int64_t channels, std::int64_t height, std::int64_t width) {
    return standardNormal({1, channels, height, width}, 99).abs();
}

}  // namespace

class inceptionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hasTheLayersThatThePapersNetworkHas() {
        // torchvision gives 23,834,568 parameters (running statistics not counted) with 1000 classes and
        // without the auxiliary classifier; the FID weights have 1008 classes.
        std::int64_t parameters = 2048 * 1008 + 1008;
        for (const auto& [name, shape] : inceptionShapes())
            if (!name.ends_with("running_mean") && !name.ends_with("running_var"))
                parameters += elementCount(shape);
        QCOMPARE(parameters, std::int64_t{23'834'568 + 8 * 2049});
        QCOMPARE(inceptionConvolutions().size(), std::size_t{94});
        std::set<std::string> names;
        for (const InceptionConvolution& convolution : inceptionConvolutions())
            names.insert(convolution.name);
        QCOMPARE(names.size(), std::size_t{94});
        QCOMPARE(inceptionShapes().at("Mixed_6e.branch7x7dbl_4.conv.weight"), (Shape{192, 192, 7, 1}));
        QCOMPARE(inceptionShapes().at("Mixed_7c.branch3x3_2a.bn.running_var"), (Shape{384}));
    }

    void layersEqualTheTextbook() {
        const at::Tensor x = input(3, 9, 8);
        QVERIFY(
            equal(inception().convolution("Conv2d_1a_3x3", x), {layer("Conv2d_1a_3x3", picture(x[0]), 2)}));
        const at::Tensor y = input(32, 5, 4);
        QVERIFY(equal(inception().convolution("Conv2d_2b_3x3", y),
                      {layer("Conv2d_2b_3x3", picture(y[0]), 1, 1, 1)}));
    }

    void blockAAveragesWithoutThePadding() {
        const at::Tensor x = input(192, 4, 5);
        const Picture p = picture(x[0]);
        const std::string n = "Mixed_5b.";
        QVERIFY(
            equal(inception().blockA("Mixed_5b", x),
                  {layer(n + "branch1x1", p), layer(n + "branch5x5_2", layer(n + "branch5x5_1", p), 1, 2, 2),
                   layer(n + "branch3x3dbl_3",
                         layer(n + "branch3x3dbl_2", layer(n + "branch3x3dbl_1", p), 1, 1, 1), 1, 1, 1),
                   layer(n + "branch_pool", pooled(p, true, 1, 1))}));
    }

    void blockBHalves() {
        const at::Tensor x = input(288, 5, 6);
        const Picture p = picture(x[0]);
        const std::string n = "Mixed_6a.";
        QVERIFY(equal(inception().blockB("Mixed_6a", x),
                      {layer(n + "branch3x3", p, 2),
                       layer(n + "branch3x3dbl_3",
                             layer(n + "branch3x3dbl_2", layer(n + "branch3x3dbl_1", p), 1, 1, 1), 2),
                       pooled(p, false, 2, 0)}));
    }

    void blockCFactorisesSevenBySeven() {
        const at::Tensor x = input(768, 3, 4);
        const Picture p = picture(x[0]);
        const std::string n = "Mixed_6b.";
        const auto wide = [&](const char* name, const Picture& y) { return layer(n + name, y, 1, 0, 3); };
        const auto tall = [&](const char* name, const Picture& y) { return layer(n + name, y, 1, 3, 0); };
        QVERIFY(equal(
            inception().blockC("Mixed_6b", x),
            {layer(n + "branch1x1", p), tall("branch7x7_3", wide("branch7x7_2", layer(n + "branch7x7_1", p))),
             wide("branch7x7dbl_5",
                  tall("branch7x7dbl_4",
                       wide("branch7x7dbl_3", tall("branch7x7dbl_2", layer(n + "branch7x7dbl_1", p))))),
             layer(n + "branch_pool", pooled(p, true, 1, 1))}));
    }

    void blockDHalves() {
        const at::Tensor x = input(768, 4, 3);
        const Picture p = picture(x[0]);
        const std::string n = "Mixed_7a.";
        const Picture wide = layer(n + "branch7x7x3_2", layer(n + "branch7x7x3_1", p), 1, 0, 3);
        QVERIFY(equal(inception().blockD("Mixed_7a", x),
                      {layer(n + "branch3x3_2", layer(n + "branch3x3_1", p), 2),
                       layer(n + "branch7x7x3_4", layer(n + "branch7x7x3_3", wide, 1, 3, 0), 2),
                       pooled(p, false, 2, 0)}));
    }

    void theLastTwoBlocksPoolDifferently() {
        const auto check = [&](const std::string& name, std::int64_t channels, Inception::Pooling pooling) {
            const at::Tensor x = input(channels, 2, 3);
            const Picture p = picture(x[0]);
            const std::string n = name + ".";
            const Picture once = layer(n + "branch3x3_1", p);
            const Picture twice = layer(n + "branch3x3dbl_2", layer(n + "branch3x3dbl_1", p), 1, 1, 1);
            return equal(
                inception().blockE(name, x, pooling),
                {layer(n + "branch1x1", p), layer(n + "branch3x3_2a", once, 1, 0, 1),
                 layer(n + "branch3x3_2b", once, 1, 1, 0), layer(n + "branch3x3dbl_3a", twice, 1, 0, 1),
                 layer(n + "branch3x3dbl_3b", twice, 1, 1, 0),
                 layer(n + "branch_pool", pooled(p, pooling == Inception::Pooling::Average, 1, 1))});
        };
        QVERIFY(check("Mixed_7b", 1280, Inception::Pooling::Average));
        QVERIFY(check("Mixed_7c", 2048, Inception::Pooling::Maximum));
    }

    void picturesAreResizedLinearlyAboutTheirPixelCentres() {
        constexpr std::int64_t side = 299, from = 20;
        const at::Tensor small = standardNormal({1, 1, from, from}, 5);
        const Picture p = picture(small[0]);
        const auto source = [](std::int64_t i) {
            return std::clamp((static_cast<double>(i) + 0.5) * from / side - 0.5, 0.0, from - 1.0);
        };
        at::Tensor large = at::empty({1, 1, side, side});
        auto values = large.accessor<float, 4>();
        for (std::int64_t r = 0; r < side; ++r)
            for (std::int64_t s = 0; s < side; ++s) {
                const auto y = static_cast<std::int64_t>(source(r)), x = static_cast<std::int64_t>(source(s));
                const std::int64_t below = std::min(y + 1, from - 1), right = std::min(x + 1, from - 1);
                const double dy = source(r) - static_cast<double>(y), dx = source(s) - static_cast<double>(x);
                values[0][0][r][s] = static_cast<float>(
                    std::lerp(std::lerp(p.at(0, y, x), p.at(0, y, right), dx),
                              std::lerp(p.at(0, below, x), p.at(0, below, right), dx), dy));
            }
        const at::Tensor grey = inception().features(small);
        QCOMPARE(grey.sizes().vec(), (Shape{1, 2048}));
        QVERIFY(grey.abs().max().item<float>() > 0);
        QVERIFY(
            at::allclose(grey, inception().features(large), 1e-3, 1e-3 * grey.abs().max().item<double>()));
        QVERIFY(at::allclose(grey, inception().features(large.expand({1, 3, side, side})), 1e-3,
                             1e-3 * grey.abs().max().item<double>()));
    }

    void weightsThatDoNotFitAreNamed() {
        const auto refused = [](const Weights& weights, const char* name) {
            try {
                const Inception network(weights);
            } catch (const EngineError& error) {
                return QByteArray(error.what()).contains(name);
            }
            return false;
        };
        Weights weights = madeWeights();
        weights.erase("Mixed_7a.branch3x3_2.bn.running_mean");
        QVERIFY(refused(weights, "Mixed_7a.branch3x3_2.bn.running_mean"));
        QVERIFY(refused({}, "Conv2d_1a_3x3.conv.weight"));
        weights = madeWeights();
        weights["Mixed_5c.branch1x1.conv.weight"] = at::zeros({64, 192, 1, 1});
        QVERIFY(refused(weights, "64 x 192 x 1 x 1"));
        QVERIFY_EXCEPTION_THROWN(inception().features(at::zeros({1, 2, 8, 8})), EngineError);
        QVERIFY_EXCEPTION_THROWN(inception().features(at::zeros({1, 8, 8})), EngineError);
    }
};

QTEST_GUILESS_MAIN(inceptionTest)
#include "inceptionTest.moc"
