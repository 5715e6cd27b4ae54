// SPDX-License-Identifier: GPL-3.0-or-later
// Constructor arguments of the Python package as options of our networks.
#include <QTest>
#include <nlohmann/json.hpp>

#include "engine/api/Error.h"
#include "engine/nets/PackageArguments.h"

using namespace denoscope;
using nlohmann::json;

namespace {

constexpr auto groupNorm = PackageGeneration::GroupNorm, rmsNorm = PackageGeneration::RmsNorm;

DdpmOptions ddpm(const std::string& model, const char* arguments, PackageGeneration generation = rmsNorm) {
    return std::get<DdpmOptions>(packageOptions(model, json::parse(arguments), generation, {64, 64}));
}

KarrasOptions karras(const std::string& model, const char* arguments, const Shape& size) {
    return std::get<KarrasOptions>(packageOptions(model, json::parse(arguments), rmsNorm, size));
}

Error refusal(const std::string& model, const char* arguments, PackageGeneration generation = rmsNorm) {
    try {
        packageOptions(model, json::parse(arguments), generation, {64, 64});
    } catch (const EngineError& error) {
        return error.error();
    }
    return {};
}

std::vector<bool> fullStages(const DdpmOptions& options) {
    std::vector<bool> full;
    for (const DdpmAttention& attention : options.stageAttention)
        full.push_back(attention.full);
    return full;
}

}  // namespace

class PackageArgumentsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fewArgumentsMeanThePackagesDefaults() {
        const DdpmOptions options = ddpm("Unet", R"({"dim": 64})");
        QCOMPARE(options.channels, 3);
        QCOMPARE(options.outputs, std::int64_t{3});
        QCOMPARE(options.widthFactors, (std::vector<std::int64_t>{1, 2, 4, 8}));
        QCOMPARE(options.memoryTokens, std::int64_t{4});
        QVERIFY(options.norm == DdpmNorm::Rms && options.time == DdpmTime::Sinusoidal);
        QCOMPARE(fullStages(options), (std::vector<bool>{false, false, false, true}));
        QCOMPARE(parameterCount(makeDdpmPlan(options)), std::int64_t{35711491});
        QCOMPARE(makeDdpmPlan(options).options.firstWidth, std::int64_t{64});
    }

    void everyArgumentOfUnetArrives() {
        const DdpmOptions options =
            ddpm("Unet", R"({"dim": 8, "init_dim": 12, "out_dim": 5, "dim_mults": [1, 3],
            "channels": 2, "self_condition": true, "learned_variance": true, "learned_sinusoidal_cond": true,
            "random_fourier_features": false, "learned_sinusoidal_dim": 10, "sinusoidal_pos_emb_theta": 500,
            "dropout": 0.25, "attn_dim_head": [4, 8], "attn_heads": [2, 3], "full_attn": [true, false],
            "flash_attn": true})");
        QCOMPARE(options.width, std::int64_t{8});
        QCOMPARE(options.firstWidth, std::int64_t{12});
        QCOMPARE(options.outputs, std::int64_t{5});
        QCOMPARE(options.widthFactors, (std::vector<std::int64_t>{1, 3}));
        QCOMPARE(options.channels, 2);
        QVERIFY(options.selfCondition);
        QVERIFY(options.time == DdpmTime::LearnedFourier);
        QCOMPARE(options.fourierSize, std::int64_t{10});
        QCOMPARE(options.timePeriod, 500.0);
        QCOMPARE(options.dropout, 0.25);
        QVERIFY((options.stageAttention == std::vector<DdpmAttention>{{true, 2, 4}, {false, 3, 8}}));
        QVERIFY((options.middleAttention == DdpmAttention{true, 3, 8}));
    }

    void learnedVarianceDoublesTheOutput() {
        QCOMPARE(ddpm("Unet", R"({"dim": 8, "channels": 2, "learned_variance": true})").outputs,
                 std::int64_t{4});
    }

    void randomFeaturesWinOverLearnedOnes() {
        QVERIFY(
            ddpm("Unet", R"({"dim": 8, "learned_sinusoidal_cond": true, "random_fourier_features": true})")
                .time == DdpmTime::RandomFourier);
    }

    void generationsTakeFalseDifferently() {
        const char* none = R"({"dim": 8, "dim_mults": [1, 2], "full_attn": false})";
        QCOMPARE(fullStages(ddpm("Unet", none)), (std::vector<bool>{false, true}));
        QCOMPARE(fullStages(ddpm("Unet", none, groupNorm)), (std::vector<bool>{false, false}));
        QCOMPARE(fullStages(ddpm("Unet", R"({"dim": 8, "dim_mults": [1, 2], "full_attn": true})")),
                 (std::vector<bool>{true, true}));
        QCOMPARE(fullStages(ddpm("Unet", R"({"dim": 8, "dim_mults": [1, 2], "full_attn": [false, false]})")),
                 (std::vector<bool>{false, false}));
        QCOMPARE(fullStages(ddpm("Unet", R"({"dim": 8, "dim_mults": [2], "full_attn": null})")),
                 (std::vector<bool>{true}));
    }

    void headsOfSignalsReachTheMiddleAlone() {
        const DdpmOptions options =
            ddpm("Unet1D", R"({"dim": 8, "attn_heads": 2, "attn_dim_head": 8, "dim_mults": [1, 2]})");
        const DdpmPlan plan = makeDdpmPlan(options);
        QVERIFY((plan.middle.attention == DdpmAttention{true, 2, 8}));
        for (const DdpmStage& stage : plan.downs)
            QVERIFY((stage.attention == DdpmAttention{false, 4, 32}));
        QVERIFY(plan.options.downsampling == DdpmDownsampling::Strided);
        QCOMPARE(plan.options.memoryTokens, std::int64_t{0});
    }

    void classConditionAndGroups() {
        const DdpmOptions options = ddpm("classifier_free_guidance.Unet",
                                         R"({"dim": 8, "num_classes": 5, "cond_drop_prob": 0.5})", rmsNorm);
        QCOMPARE(options.classes, 5);
        const DdpmOptions old = ddpm("classifier_free_guidance.Unet",
                                     R"({"dim": 8, "num_classes": 5, "resnet_block_groups": 4})", groupNorm);
        QVERIFY(old.norm == DdpmNorm::Group);
        QCOMPARE(old.groups, std::int64_t{4});
        QVERIFY(ddpm("guided_diffusion.Unet", R"({"dim": 8})").rmsScale == RmsScale::LastExtent);
    }

    void namesWhatIsWrong() {
        QCOMPARE(refusal("Unet", R"({"dim": 8})").what, std::string());
        QCOMPARE(refusal("Unet", R"({})").where, std::string("Unet.dim"));
        QCOMPARE(refusal("Unet", R"([8])").where, std::string("Unet"));
        QCOMPARE(refusal("Unet", R"({"dim": "8"})").where, std::string("Unet.dim"));
        QCOMPARE(refusal("Unet", R"({"dim": 8.5})").where, std::string("Unet.dim"));
        QCOMPARE(refusal("Unet", R"({"dim": 8, "dropout": true})").where, std::string("Unet.dropout"));
        QCOMPARE(refusal("Unet", R"({"dim": 8, "dim_mults": [1, null]})").where,
                 std::string("Unet.dim_mults"));
        QCOMPARE(refusal("Unet", R"({"dim": 8, "channels": -1})").where, std::string("Unet.channels"));
        QCOMPARE(refusal("Unet", R"({"dim": 8, "full_attn": [true]})").where, std::string("Unet.full_attn"));
        QCOMPARE(refusal("Unet", R"({"dim": 8, "attn_heads": [1, 2]})").where,
                 std::string("Unet.attn_heads"));
        QVERIFY(refusal("Unet", R"({"dim": 8, "groups": 4})").what.find("'groups'") != std::string::npos);
        QCOMPARE(refusal("Unet", R"({"dim": 8, "resnet_block_groups": 4})").where, std::string("Unet"));
        QCOMPARE(refusal("Unet", R"({"dim": 8, "dropout": 0.1})", groupNorm).where, std::string("Unet"));
        QCOMPARE(refusal("Unet1D", R"({"dim": 8, "full_attn": true})").where, std::string("Unet1D"));
        QCOMPARE(refusal("classifier_free_guidance.Unet", R"({"dim": 8})").where,
                 std::string("classifier_free_guidance.Unet.num_classes"));
        QCOMPARE(refusal("Transformer", R"({"dim": 8})").where, std::string("model"));
        QCOMPARE(refusal("KarrasUnet", R"({"image_size": 32})").where, std::string("KarrasUnet"));
        QVERIFY_EXCEPTION_THROWN(generationOf("k-diffusion 0.1"), EngineError);
    }

    void everyArgumentOfKarrasArrives() {
        const KarrasOptions options = karras(
            "KarrasUnet3D", R"({"image_size": 16, "frames": 8, "dim": 8, "dim_max": 24, "num_classes": 3,
            "channels": 2, "num_downsamples": 2, "num_blocks_per_stage": [2, 1], "downsample_types": "image",
            "attn_res": 8, "fourier_dim": 12, "attn_dim_head": 4, "attn_flash": false, "mp_cat_t": 0.4,
            "mp_add_emb_t": 0.6, "attn_res_mp_add_t": 0.2, "resnet_mp_add_t": 0.1, "dropout": 0.05,
            "self_condition": true, "factorize_space_time_attn": true})",
            {8, 16, 16});
        QVERIFY(options.model.compat == Compat::Reference);
        QCOMPARE(options.model.width, std::int64_t{8});
        QCOMPARE(options.model.maxWidth, std::int64_t{24});
        QCOMPARE(options.classes, 3);
        QCOMPARE(options.channels, 2);
        QCOMPARE(options.blocksPerStage, (std::vector<std::int64_t>{2, 2, 1}));
        QCOMPARE(options.model.downsampleTypes.size(), std::size_t{2});
        QVERIFY(options.model.downsampleTypes[1] == DownsampleType::Image);
        QCOMPARE(options.model.attention, (std::vector<std::int64_t>{8}));
        QCOMPARE(options.model.fourierSize, std::int64_t{12});
        QCOMPARE(options.model.headSize, std::int64_t{4});
        QCOMPARE(options.skipBalance, 0.4);
        QCOMPARE(options.classBalance, 0.6);
        QCOMPARE(options.attentionBalance.value(), 0.8);
        QCOMPARE(options.model.dropout, 0.05);
        QVERIFY(options.model.selfCondition && options.model.factorizedAttention);
    }

    void karrasDefaultsAreThePackages() {
        const KarrasOptions options = karras("KarrasUnet1D", R"({"seq_len": 128})", {128});
        QCOMPARE(options.model.width, std::int64_t{192});
        QCOMPARE(options.model.maxWidth, std::int64_t{768});
        QCOMPARE(options.channels, 4);
        QCOMPARE(options.blocksPerStage, (std::vector<std::int64_t>{4, 4, 4, 4}));
        QCOMPARE(options.model.attention, (std::vector<std::int64_t>{16, 8}));
        QCOMPARE(options.model.headSize, std::int64_t{64});
        QVERIFY(!options.model.factorizedAttention || options.size.size() < 3);
    }

    void versionsTellTheGeneration() {
        QVERIFY(generationOf("denoising-diffusion-pytorch 1.8.15") == groupNorm);
        QVERIFY(generationOf("denoising-diffusion-pytorch 2.3.1") == rmsNorm);
    }
};

QTEST_GUILESS_MAIN(PackageArgumentsTest)
#include "packageArgumentsTest.moc"
