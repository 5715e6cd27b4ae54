// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of a model, the network's options and the package's arguments: each made from the other.
#include <QTest>
#include <nlohmann/json.hpp>

#include "engine/api/Error.h"
#include "engine/interchange/PackageCall.h"
#include "engine/nets/PackageArguments.h"

using namespace denoscope;
using nlohmann::json;

namespace {

Shape sizeOf(const QString& model, const json& args) {
    if (!model.startsWith("Karras"))
        return model == "Unet1D" ? Shape{64} : Shape{64, 64};
    if (model == "KarrasUnet1D")
        return {args.at("seq_len")};
    const std::int64_t side = args.at("image_size");
    return model == "KarrasUnet3D" ? Shape{args.at("frames"), side, side} : Shape{side, side};
}

NetworkOptions optionsOf(const QString& model, const json& args, bool old = false) {
    return packageOptions(model.toStdString(), args,
                          old ? PackageGeneration::GroupNorm : PackageGeneration::RmsNorm,
                          sizeOf(model, args));
}

// What has a name and a shape in the weights, as far as plans tell.
QString fingerprint(const NetworkOptions& options) {
    const NetworkPlan plan = makeNetworkPlan(options);
    return QStringLiteral("%1 parameters, %2 MACs, %3 kept")
        .arg(parameterCount(plan))
        .arg(macs(plan))
        .arg(keptBytes(plan, {}));
}

}  // namespace

class ModelConfigTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyClassGoesRound_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("args");
        QTest::addColumn<bool>("old");
        const auto add = [](const char* name, const char* model, const char* args, bool old = false) {
            QTest::newRow(name) << QString(model) << QString(args) << old;
        };
        add("plain", "Unet", R"({"dim": 8})");
        add("everything", "Unet", R"({"dim": 8, "init_dim": 12, "dim_mults": [1, 3, 2], "channels": 2,
            "self_condition": true, "random_fourier_features": true, "learned_sinusoidal_dim": 10, "dropout": 0.25,
            "attn_dim_head": [4, 8, 8], "attn_heads": [2, 3, 1], "full_attn": [true, false, true]})");
        add("no full attention, theta", "Unet", R"({"dim": 8, "full_attn": [false, false, false, false],
            "sinusoidal_pos_emb_theta": 500})");
        add("learned variance", "Unet", R"({"dim": 8, "channels": 2, "learned_variance": true})");
        add("weighted objective", "Unet", R"({"dim": 8, "channels": 3, "out_dim": 8})");
        add("group norm", "Unet", R"({"dim": 8, "resnet_block_groups": 4})", true);
        add("signals", "Unet1D", R"({"dim": 8, "channels": 1, "attn_heads": 2, "attn_dim_head": 8,
            "learned_sinusoidal_cond": true, "dropout": 0.1})");
        add("signals, 1.8", "Unet1D", R"({"dim": 8, "channels": 2, "resnet_block_groups": 4})", true);
        add("classes", "classifier_free_guidance.Unet", R"({"dim": 8, "num_classes": 5, "attn_heads": 2})");
        add("classes, 1.8", "classifier_free_guidance.Unet", R"({"dim": 8, "num_classes": 5})", true);
        add("for a classifier", "guided_diffusion.Unet", R"({"dim": 8, "self_condition": true})");
        add("karras, defaults", "KarrasUnet", R"({"image_size": 64})");
        add("karras 1D", "KarrasUnet1D", R"({"seq_len": 64, "dim": 16, "dim_max": 32, "num_downsamples": 2,
            "num_blocks_per_stage": 2, "channels": 1, "attn_res": [16], "attn_dim_head": 8, "fourier_dim": 8,
            "self_condition": true})");
        add("karras 3D", "KarrasUnet3D", R"({"image_size": 16, "frames": 8, "dim": 8, "dim_max": 16,
            "num_classes": 3, "num_downsamples": 2, "num_blocks_per_stage": 1, "downsample_types": ["image", "all"],
            "attn_res": 8, "attn_dim_head": 4, "factorize_space_time_attn": true})");
    }

    void everyClassGoesRound() {
        QFETCH(QString, model);
        QFETCH(QString, args);
        QFETCH(bool, old);
        const NetworkOptions options = optionsOf(model, json::parse(args.toStdString()), old);
        RunConfig config;
        config.model = modelConfigOf(options);
        config.noise.head = outputHeadOf(options);
        std::visit([&](const auto& which) { config.data.size = which.size; }, options);
        const int channels = std::visit([](const auto& which) { return which.channels; }, options);
        const int classes = std::visit([](const auto& which) { return which.classes; }, options);
        const NetworkOptions again = networkOptions(config, channels, classes);
        QCOMPARE(fingerprint(again), fingerprint(options));
        QVERIFY(modelConfigOf(again) == config.model);
        QVERIFY(outputHeadOf(again) == config.noise.head);

        const PackageCall call = networkCall(options);
        QCOMPARE(QString::fromStdString(call.name), model);
        const NetworkOptions called = optionsOf(model, json(call.args), old);
        QCOMPARE(fingerprint(called), fingerprint(options));
        QVERIFY(modelConfigOf(called) == config.model);
    }

    void whatNoSettingExpressesIsNamed_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("args");
        QTest::addColumn<QString>("argument");
        QTest::newRow("blocks") << "KarrasUnet"
                                << R"({"image_size": 64, "num_blocks_per_stage": [2, 1, 1]})"
                                << "num_blocks_per_stage";
        QTest::newRow("skips") << "KarrasUnet"
                               << R"({"image_size": 64, "mp_cat_t": 0.4})"
                               << "mp_cat_t";
        QTest::newRow("classes") << "KarrasUnet"
                                 << R"({"image_size": 64, "mp_add_emb_t": 0.4})"
                                 << "mp_add_emb_t";
        QTest::newRow("attention") << "KarrasUnet"
                                   << R"({"image_size": 64, "attn_res_mp_add_t": 0.5})"
                                   << "attn_res_mp_add_t";
        QTest::newRow("outputs") << "Unet"
                                 << R"({"dim": 8, "channels": 3, "out_dim": 5})"
                                 << "out_dim";
    }

    void whatNoSettingExpressesIsNamed() {
        QFETCH(QString, model);
        QFETCH(QString, args);
        QFETCH(QString, argument);
        const NetworkOptions options = optionsOf(model, json::parse(args.toStdString()));
        try {
            modelConfigOf(options);
            outputHeadOf(options);
            QFAIL("not refused");
        } catch (const EngineError& error) {
            QCOMPARE(QString::fromStdString(error.error().where), argument);
        }
    }

    void callsReadAsPython() {
        QCOMPARE(toText(PackageCall{"Unet", {{"dim", 8}, {"dim_mults", {1}}, {"a", true}, {"b", "x"}}}),
                 std::string("Unet(dim=8, dim_mults=(1,), a=True, b='x')"));
    }
};

QTEST_GUILESS_MAIN(ModelConfigTest)
#include "modelConfigTest.moc"
