// SPDX-License-Identifier: GPL-3.0-or-later
// Networks: forward, training forward, gradients, rewritten weights, one step of Adam; class guidance.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <regex>

#include "engine/api/Error.h"
#include "engine/diffusion/Guidance.h"
#include "engine/nets/MakeNetwork.h"
#include "engine/nets/ParameterFile.h"
#include "engine/parity/ReferenceCase.h"
#include "engine/train/Adam.h"

namespace denoscope {
namespace {

Shape extentsOf(const at::Tensor& x) {
    return x.dim() > 2 ? x.sizes().slice(2).vec() : Shape{};
}

const at::Tensor& valueOf(const Network& network, const std::string& name, const ReferenceCase& reference) {
    for (const Parameter& parameter : network.parameters())
        if (parameter.name == name)
            return parameter.value;
    throw EngineError("the network has no parameter '" + name + "'", reference.path().string(), "");
}

std::string takeAny(ReferenceCase& reference, std::initializer_list<const char*> names, at::Tensor& into) {
    for (const char* name : names)
        if (reference.has(name)) {
            into = reference.take(name);
            return name;
        }
    return {};
}

Network::Inputs takeInputs(ReferenceCase& reference, const Network& network) {
    Network::Inputs inputs;
    inputs.x = reference.take("in.x");
    const Shape batch{inputs.x.size(0)};
    inputs.time = reference.take("in.time", batch).to(at::kFloat);
    const std::string self = takeAny(reference, {"in.self_cond", "in.x_self_cond"}, inputs.selfCondition);
    if (!self.empty())
        reference.take(self, inputs.x.sizes().vec());
    at::Tensor labels;
    const std::string classes = takeAny(reference, {"in.class_labels", "in.classes"}, labels);
    if (classes.empty())
        return inputs;
    reference.take(classes, batch);
    if (network.classes() == 0 || labels.min().item<std::int64_t>() < 0 ||
        labels.max().item<std::int64_t>() >= network.classes())
        throw EngineError(fmt::format("'{}' asks for classes beyond the {} that the network has", classes,
                                      network.classes()),
                          reference.path().string(), "");
    inputs.classes = at::one_hot(labels, network.classes()).to(at::kFloat);
    return inputs;
}

// Zero where a parameter had no part in the output.
at::Tensor gradientOf(const Network& network, const std::string& name, const ReferenceCase& reference) {
    const at::Tensor& value = valueOf(network, name, reference);
    return value.grad().defined() ? value.grad() : at::zeros_like(value);
}

void checkGradients(ReferenceCase& reference, const Network& network, Comparisons& results) {
    for (const std::string& name : reference.startingWith("grad."))
        results.push_back(compare(name, gradientOf(network, name.substr(5), reference), reference.take(name),
                                  gradientTolerance));
    if (!reference.has("grad_norms"))
        return;
    const auto names = reference.meta("grad_norm_names").get<std::vector<std::string>>();
    std::vector<float> norms;
    for (const std::string& name : names)
        norms.push_back(gradientOf(network, name, reference).norm().item<float>());
    results.push_back(compare("grad_norms", at::tensor(norms),
                              reference.take("grad_norms", {static_cast<std::int64_t>(names.size())}),
                              gradientTolerance));
}

void stepAdam(const Network& network) {
    std::vector<Parameter> trained;
    for (const Parameter& parameter : network.parameters())
        if (parameter.trained)
            trained.push_back(parameter);
    TrainingConfig training;
    training.beta1 = 0.9;
    training.beta2 = 0.99;
    Adam(trained).step(training, 1e-2);
}

at::Tensor normsOf(const std::map<std::string, at::Tensor>& weights) {
    std::vector<float> norms;
    for (const auto& [name, weight] : weights)
        norms.push_back(weight.norm().item<float>());
    return at::tensor(norms);
}

// The cases keep rewritten weights by reference: what stands in weights_after.* was then moved by Adam, while
// weights_after_norms was taken before.
std::map<std::string, at::Tensor> copyOf(const Network& network) {
    std::map<std::string, at::Tensor> weights;
    for (const Parameter& parameter : network.parameters())
        weights.emplace(parameter.name, parameter.value.detach().clone());
    return weights;
}

at::Tensor normsOfRewritten(const ReferenceCase& reference, const std::map<std::string, at::Tensor>& all) {
    std::map<std::string, at::Tensor> rewritten;
    for (const auto& name :
         reference.meta("weights_changed_by_training_forward").get<std::vector<std::string>>())
        if (const auto found = all.find(name); found != all.end())
            rewritten.emplace(*found);
    return normsOf(rewritten);
}

// "out.scale6_phi07.1": scale 6, phi 0.7, entry 1 of what was returned.
struct GuidedOutput {
    Guidance guidance;
    int entry = 0;
};
GuidedOutput guidedOutput(const std::string& name, const ReferenceCase& reference) {
    static const std::regex pattern(R"(out\.scale([0-9]+)_phi([0-9])([0-9]*)(\.([01]))?)");
    std::smatch match;
    if (!std::regex_match(name, match, pattern))
        throw EngineError("'" + name + "' names no scale and phi", reference.path().string(), "");
    const std::string digits = match[3];
    const auto signature = reference.meta("forward_with_cond_scale_signature").get<std::string>();
    // The package's later versions drop the part of the change that is parallel to the conditional output.
    const bool drops = signature.find("remove_parallel_component=True") != std::string::npos;
    double rescale = std::stoi(match[2]), unit = 0.1;
    for (const char digit : digits) {
        rescale += unit * (digit - '0');
        unit /= 10;
    }
    return {{static_cast<double>(std::stoi(match[1])), rescale, drops ? 0.0 : 1.0},
            match[5].matched && match[5] == "1" ? 1 : 0};
}

}  // namespace

std::unique_ptr<Network> buildNetwork(const ReferenceCase& reference, const Shape& size,
                                      const std::map<std::string, StoredTensor>& weights) {
    NetworkOptions options = packageOptions(reference.meta("model").get<std::string>(),
                                            reference.meta("args"), reference.generation(), size);
    if (auto* karras = std::get_if<KarrasOptions>(&options))
        karras->model.dropout = 0;
    else
        std::get<DdpmOptions>(options).dropout = 0;
    const NetworkPlan plan = makeNetworkPlan(options);
    refuseUnfilled(plan, weights, reference.path().string());
    std::unique_ptr<Network> network = makeNetwork(plan, 0);
    copyParameters(network->parameters(), weights, reference.path().string());
    return network;
}

Comparisons checkNetwork(ReferenceCase& reference) {
    const auto network = buildNetwork(reference, extentsOf(reference.take("in.x")), reference.takeWeights());
    const Network::Inputs inputs = takeInputs(reference, *network);
    Comparisons results;
    {
        const at::NoGradGuard noGrad;
        results.push_back(compare("out.eval", network->forward(inputs, false), reference.take("out.eval"),
                                  forwardTolerance));
    }
    if (!reference.has("out.train"))
        return results;
    network->normalizeWeights();
    const at::Tensor out = network->forward(inputs, true);
    results.push_back(compare("out.train", out, reference.take("out.train"), forwardTolerance));
    const at::Tensor loss = at::mse_loss(out, reference.take("in.target", out.sizes().vec()));
    results.push_back(
        compare("out.train_loss", loss.reshape({1}), reference.take("out.train_loss"), forwardTolerance));
    loss.backward();
    checkGradients(reference, *network, results);
    const auto rewritten = copyOf(*network);
    stepAdam(*network);
    for (const std::string& name : reference.startingWith("weights_after."))
        results.push_back(
            compare(name, valueOf(*network, name.substr(std::string("weights_after.").size()), reference),
                    reference.take(name), gradientTolerance));
    if (reference.has("weights_after_norms")) {
        results.push_back(compare("weights_after_norms", normsOfRewritten(reference, rewritten),
                                  reference.take("weights_after_norms"), gradientTolerance));
    }
    const at::NoGradGuard noGrad;
    results.push_back(compare("out.eval_after_adam_1e-2", network->forward(inputs, false),
                              reference.take("out.eval_after_adam_1e-2"), gradientTolerance));
    return results;
}

Comparisons checkGuidance(ReferenceCase& reference) {
    const at::NoGradGuard noGrad;
    const auto network = buildNetwork(reference, extentsOf(reference.take("in.x")), reference.takeWeights());
    Network::Inputs inputs = takeInputs(reference, *network);
    Comparisons results;
    const at::Tensor conditional = network->forward(inputs, false);
    inputs.classes = at::zeros({inputs.x.size(0), network->classes()});
    const at::Tensor null = network->forward(inputs, false);
    results.push_back(compare("out.cond", conditional, reference.take("out.cond"), forwardTolerance));
    results.push_back(compare("out.null", null, reference.take("out.null"), forwardTolerance));
    // What forward_with_cond_scale returns: the guided output, then the one without condition.
    for (const std::string& name : reference.startingWith("out.scale")) {
        const GuidedOutput asked = guidedOutput(name, reference);
        results.push_back(compare(name, asked.entry == 0 ? asked.guidance.apply(conditional, null) : null,
                                  reference.take(name), forwardTolerance));
    }
    return results;
}

}  // namespace denoscope
