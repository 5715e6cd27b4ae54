// SPDX-License-Identifier: GPL-3.0-or-later
// Small DDPM networks of every kind, as rows of Qt tests.
#pragma once

#include <ATen/ATen.h>

#include <QTest>

#include "engine/core/Noise.h"
#include "engine/nets/DdpmPresets.h"
#include "engine/nets/Network.h"

namespace denoscope::variants {

inline DdpmOptions shrunk(DdpmOptions options, int rank) {
    options.size = Shape(static_cast<std::size_t>(rank), 8);
    options.channels = 2;
    options.width = 8;
    options.widthFactors = {1, 2};
    options.groups = 4;
    options.middleAttention = {true, 2, 4};
    if (!options.stageAttention.empty())
        options.stageAttention = {{false, 3, 4}};
    return options;
}

// As many options as go together differ from the plain network.
inline DdpmOptions everything(int rank) {
    DdpmOptions options = shrunk(packageUnet(PackageGeneration::RmsNorm), rank);
    options.classes = 3;
    options.outputs = 4;
    options.firstWidth = 12;
    options.selfCondition = true;
    options.time = DdpmTime::LearnedFourier;
    options.fourierSize = 6;
    options.stageAttention = {{true, 1, 4}, {false, 3, 2}};
    return options;
}

inline void addAll() {
    QTest::addColumn<DdpmOptions>("options");
    for (int rank = 1; rank <= 3; ++rank) {
        for (const auto generation : {PackageGeneration::GroupNorm, PackageGeneration::RmsNorm}) {
            const char* norm = generation == PackageGeneration::GroupNorm ? "group" : "rms";
            QTest::addRow("Unet %dD %s", rank, norm) << shrunk(packageUnet(generation), rank);
            QTest::addRow("Unet1D %dD %s", rank, norm) << shrunk(packageUnet1d(generation), rank);
            QTest::addRow("guided %dD %s", rank, norm) << shrunk(packageGuidedUnet(generation), rank);
            DdpmOptions classes = shrunk(packageClassUnet(generation), rank);
            classes.classes = 4;
            QTest::addRow("classes %dD %s", rank, norm) << classes;
        }
        QTest::addRow("everything %dD", rank) << everything(rank);
        DdpmOptions wrapped = everything(rank);
        wrapped.attentionNames = AttentionNames::Wrapped;
        wrapped.downsampling = DdpmDownsampling::Strided;
        wrapped.time = DdpmTime::RandomFourier;
        wrapped.dropout = 0.25;
        QTest::addRow("everything wrapped %dD", rank) << wrapped;
    }
    for (const auto type : {DownsampleType::Image, DownsampleType::Frame})
        for (const auto down : {DdpmDownsampling::SpaceToDepth, DdpmDownsampling::Strided}) {
            DdpmOptions volume = everything(3);
            volume.downsampleTypes = {type};
            volume.downsampling = down;
            QTest::addRow("halves %s, %s", type == DownsampleType::Image ? "image" : "frame",
                          down == DdpmDownsampling::Strided ? "strided" : "to depth")
                << volume;
        }
}

inline DdpmOptions fetch() {
    QFETCH(DdpmOptions, options);
    return options;
}

// classes: row b asks for class b, and so on round.
inline Network::Inputs inputsFor(const DdpmPlan& plan, std::int64_t batch) {
    Shape shape{batch, plan.options.channels};
    shape.insert(shape.end(), plan.options.size.begin(), plan.options.size.end());
    Network::Inputs inputs{standardNormal(shape, 1), at::linspace(0.5, 3, batch), {}, {}};
    if (plan.options.selfCondition)
        inputs.selfCondition = standardNormal(shape, 2);
    if (plan.options.classes > 0)
        inputs.classes = at::eye(plan.options.classes)
                             .index_select(0, at::arange(batch, at::kLong).remainder(plan.options.classes));
    return inputs;
}

}  // namespace denoscope::variants
