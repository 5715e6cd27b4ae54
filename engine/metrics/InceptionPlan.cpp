// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/InceptionPlan.h"

namespace denoscope {
namespace {

class PlanBuilder {
public:
    explicit PlanBuilder(std::vector<InceptionConvolution>& plan) : m_plan(plan) {}

    void block(const std::string& name) { m_prefix = name + "."; }

    // Keeps the size: padded by half the kernel.
    void same(const char* name, std::int64_t in, std::int64_t out, std::int64_t height, std::int64_t width) {
        m_plan.push_back({m_prefix + name, in, out, height, width, 1, height / 2, width / 2});
    }
    void point(const char* name, std::int64_t in, std::int64_t out) { same(name, in, out, 1, 1); }
    // Three by three without padding.
    void valid(const char* name, std::int64_t in, std::int64_t out, std::int64_t stride) {
        m_plan.push_back({m_prefix + name, in, out, 3, 3, stride, 0, 0});
    }

private:
    std::vector<InceptionConvolution>& m_plan;
    std::string m_prefix;
};

void planStem(PlanBuilder& plan) {
    plan.valid("Conv2d_1a_3x3", 3, 32, 2);
    plan.valid("Conv2d_2a_3x3", 32, 32, 1);
    plan.same("Conv2d_2b_3x3", 32, 64, 3, 3);
    plan.point("Conv2d_3b_1x1", 64, 80);
    plan.valid("Conv2d_4a_3x3", 80, 192, 1);
}

void planA(PlanBuilder& plan, const char* name, std::int64_t in, std::int64_t pooled) {
    plan.block(name);
    plan.point("branch1x1", in, 64);
    plan.point("branch5x5_1", in, 48);
    plan.same("branch5x5_2", 48, 64, 5, 5);
    plan.point("branch3x3dbl_1", in, 64);
    plan.same("branch3x3dbl_2", 64, 96, 3, 3);
    plan.same("branch3x3dbl_3", 96, 96, 3, 3);
    plan.point("branch_pool", in, pooled);
}

void planB(PlanBuilder& plan, const char* name, std::int64_t in) {
    plan.block(name);
    plan.valid("branch3x3", in, 384, 2);
    plan.point("branch3x3dbl_1", in, 64);
    plan.same("branch3x3dbl_2", 64, 96, 3, 3);
    plan.valid("branch3x3dbl_3", 96, 96, 2);
}

void planC(PlanBuilder& plan, const char* name, std::int64_t in, std::int64_t inner) {
    plan.block(name);
    plan.point("branch1x1", in, 192);
    plan.point("branch7x7_1", in, inner);
    plan.same("branch7x7_2", inner, inner, 1, 7);
    plan.same("branch7x7_3", inner, 192, 7, 1);
    plan.point("branch7x7dbl_1", in, inner);
    plan.same("branch7x7dbl_2", inner, inner, 7, 1);
    plan.same("branch7x7dbl_3", inner, inner, 1, 7);
    plan.same("branch7x7dbl_4", inner, inner, 7, 1);
    plan.same("branch7x7dbl_5", inner, 192, 1, 7);
    plan.point("branch_pool", in, 192);
}

void planD(PlanBuilder& plan, const char* name, std::int64_t in) {
    plan.block(name);
    plan.point("branch3x3_1", in, 192);
    plan.valid("branch3x3_2", 192, 320, 2);
    plan.point("branch7x7x3_1", in, 192);
    plan.same("branch7x7x3_2", 192, 192, 1, 7);
    plan.same("branch7x7x3_3", 192, 192, 7, 1);
    plan.valid("branch7x7x3_4", 192, 192, 2);
}

void planE(PlanBuilder& plan, const char* name, std::int64_t in) {
    plan.block(name);
    plan.point("branch1x1", in, 320);
    plan.point("branch3x3_1", in, 384);
    plan.same("branch3x3_2a", 384, 384, 1, 3);
    plan.same("branch3x3_2b", 384, 384, 3, 1);
    plan.point("branch3x3dbl_1", in, 448);
    plan.same("branch3x3dbl_2", 448, 384, 3, 3);
    plan.same("branch3x3dbl_3a", 384, 384, 1, 3);
    plan.same("branch3x3dbl_3b", 384, 384, 3, 1);
    plan.point("branch_pool", in, 192);
}

std::vector<InceptionConvolution> makePlan() {
    std::vector<InceptionConvolution> convolutions;
    PlanBuilder plan(convolutions);
    planStem(plan);
    planA(plan, "Mixed_5b", 192, 32);
    planA(plan, "Mixed_5c", 256, 64);
    planA(plan, "Mixed_5d", 288, 64);
    planB(plan, "Mixed_6a", 288);
    planC(plan, "Mixed_6b", 768, 128);
    planC(plan, "Mixed_6c", 768, 160);
    planC(plan, "Mixed_6d", 768, 160);
    planC(plan, "Mixed_6e", 768, 192);
    planD(plan, "Mixed_7a", 768);
    planE(plan, "Mixed_7b", 1280);
    planE(plan, "Mixed_7c", 2048);
    return convolutions;
}

}  // namespace

const std::vector<InceptionConvolution>& inceptionConvolutions() {
    static const std::vector<InceptionConvolution> plan = makePlan();
    return plan;
}

std::map<std::string, Shape> inceptionShapes() {
    std::map<std::string, Shape> shapes;
    for (const InceptionConvolution& layer : inceptionConvolutions()) {
        shapes[layer.name + ".conv.weight"] = {layer.out, layer.in, layer.height, layer.width};
        for (const char* part : {"weight", "bias", "running_mean", "running_var"})
            shapes[layer.name + ".bn." + part] = {layer.out};
    }
    return shapes;
}

}  // namespace denoscope
