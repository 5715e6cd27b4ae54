// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/InferArguments.h"

#include <fmt/format.h>

#include "engine/api/Error.h"
#include "engine/interchange/ArgumentFinder.h"

namespace denoscope {

InferredModel inferModel(const std::map<std::string, Shape>& shapes, const nlohmann::json& answers) {
    ArgumentFinder finder(shapes, answers);
    if (finder.has("input_block.weight"))
        inferKarras(finder);
    else if (finder.has("init_conv.weight"))
        inferUnet(finder);
    else
        throw EngineError(
            "the weights are of no network that is known: neither 'init_conv.weight' nor "
            "'input_block.weight' is among them",
            shapes.empty() ? "" : "the first is '" + shapes.begin()->first + "'",
            "choose weights of denoising-diffusion-pytorch or of Denoscope");
    return finder.finish();
}

InferredModel inferModel(const WeightsFile& file, WeightsChoice choice, const nlohmann::json& answers) {
    const std::map<std::string, Shape> shapes = file.shapes(choice);
    const std::string frequencies = "time_mlp.0.weights";
    const std::optional<bool> trained = file.isTrained(frequencies);
    if (!shapes.contains(frequencies) || !trained || answers.contains("random_fourier_features"))
        return inferModel(shapes, answers);
    nlohmann::json more = answers;
    more["random_fourier_features"] = !*trained;
    return inferModel(shapes, more);
}

InferredModel inferModelWithFallbacks(const std::map<std::string, Shape>& shapes, nlohmann::json answers) {
    // An answer can settle or raise another question, so ask until none is left; there are fewer than ten.
    for (int round = 0; round < 10; ++round) {
        InferredModel model = inferModel(shapes, answers);
        if (model.questions.empty())
            return model;
        for (const ArgumentQuestion& question : model.questions) {
            if (question.fallback.is_null())
                throw EngineError(question.sentence, question.argument, "give it as an option");
            answers[question.argument] = question.fallback;
        }
    }
    throw EngineError("the arguments of the network stay open", "", "report this as a fault of the program");
}

}  // namespace denoscope
