// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QTest>

#include "engine/interchange/InferArguments.h"
#include "engine/nets/PackageArguments.h"
#include "tests/interchange/MadeFiles.h"

using namespace denoscope;
using namespace denoscope::test;
using nlohmann::json;

namespace {

using Shapes = std::map<std::string, Shape>;

// What every golden network's name, arguments and shapes are. The first folder comes with a clone.
struct Golden {
    QString name;
    std::string model;
    json args;
    Shapes shapes;
    Shape size;  // spatial extents of its input
};

Golden readGolden(const QFileInfo& info) {
    const SafetensorsFile file(info.filePath().toStdString());
    const json meta = json::parse(file.metadata().at("meta"));
    Golden golden{
        info.completeBaseName(), meta.value("model", ""), meta.value("args", json::object()), {}, {}};
    if (meta.contains("checkpoint")) {
        const auto path = info.dir().filePath(QString::fromStdString(meta.at("checkpoint"))).toStdString();
        golden.shapes = readWeights(path).shapes(WeightsChoice::Ema);
    }
    for (const auto& [name, tensor] : file.tensors()) {
        if (name.starts_with("weights."))
            golden.shapes.emplace(name.substr(8), tensor.shape);
        if (name == "in.x" || name == "in.image_0_1")
            golden.size.assign(tensor.shape.begin() + 2, tensor.shape.end());
    }
    return golden;
}

QList<Golden> goldens() {
    QList<Golden> all;
    QStringList seen;
    for (const char* folder : {DENOSCOPE_TEST_DATA "/goldens", DENOSCOPE_SHARED "/goldens"})
        for (const QFileInfo& info : QDir(folder).entryInfoList({"*.safetensors"}, QDir::Files)) {
            if (seen.contains(info.fileName()))
                continue;
            seen << info.fileName();
            if (const Golden golden = readGolden(info); !golden.shapes.empty() && !golden.model.empty())
                all << golden;
        }
    return all;
}

// A Unet of one stage, 2.x, one head of 16: the smallest there is.
Shapes smallUnet(std::int64_t in, std::int64_t out) {
    return {{"init_conv.weight", {8, in, 7, 7}},
            {"time_mlp.3.weight", {32, 32}},
            {"downs.0.0.block1.proj.weight", {8, 8, 3, 3}},
            {"downs.0.2.to_out.weight", {8, 16, 1, 1}},
            {"downs.0.2.to_qkv.weight", {48, 8, 1, 1}},
            {"downs.0.2.mem_kv", {2, 1, 4, 16}},
            {"mid_block1.block1.proj.weight", {8, 8, 3, 3}},
            {"mid_attn.mem_kv", {2, 1, 4, 16}},
            {"final_conv.weight", {out, 8, 1, 1}}};
}

Shapes withoutMemory(Shapes shapes) {
    shapes.erase("mid_attn.mem_kv");
    shapes.erase("downs.0.2.mem_kv");
    return shapes;
}

bool asks(const InferredModel& model, const std::string& argument) {
    return std::any_of(model.questions.begin(), model.questions.end(),
                       [&](const ArgumentQuestion& question) { return question.argument == argument; });
}

QString refused(const Shapes& shapes, const json& answers = json::object()) {
    return refusal([&] { inferModel(shapes, answers); });
}

}  // namespace

class InferArgumentsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goldensWithoutHelp();
    void goldensWithTheirOwnAnswers();
    void foundArgumentsAreTaken();
    void whatIsNotToldIsAsked();
    void classesAreToldApart();
    void channelsAreToldApart();
    void headsFollowFromTheirProduct();
    void fourierFeatures();
    void answersAreChecked();
    void fallbacksCompleteOrRefuse();
    void otherWeightsAreRefused();
};

// Each argument is found as it is or asked for.
void InferArgumentsTest::goldensWithoutHelp() {
    const QList<Golden> all = goldens();
    QVERIFY(all.size() >= 4);
    for (const Golden& golden : all) {
        const InferredModel found = inferModel(golden.shapes);
        QCOMPARE(found.model, golden.model);
        const bool isAmbiguous = asks(found, "self_condition") || asks(found, "attn_heads");
        for (const auto& [argument, value] : golden.args.items()) {
            const bool isFound = found.args.contains(argument) && found.args.at(argument) == value;
            const bool followsFromAnswer =
                !found.args.contains(argument) && (isAmbiguous || argument == "attn_res");
            QVERIFY2(isFound || asks(found, argument) || followsFromAnswer,
                     qPrintable(golden.name + ": " + QString::fromStdString(argument) + " of " +
                                QString::fromStdString(found.args.dump())));
        }
        QCOMPARE(found.hasGroupNorm, golden.name.contains("seed"));
    }
}

// With the true arguments as answers nothing contradicts, and what is found beside them is the class's
// default.
void InferArgumentsTest::goldensWithTheirOwnAnswers() {
    const json defaults = {{"self_condition", false},
                           {"learned_variance", false},
                           {"learned_sinusoidal_cond", false},
                           {"random_fourier_features", false},
                           {"learned_sinusoidal_dim", 16},
                           {"fourier_dim", 16},
                           {"attn_dim_head", 32},
                           {"attn_heads", 4},
                           {"factorize_space_time_attn", false}};
    for (const Golden& golden : goldens()) {
        const InferredModel found = inferModel(golden.shapes, golden.args);
        for (const auto& [argument, value] : golden.args.items())
            QVERIFY2(found.args.contains(argument) && found.args.at(argument) == value,
                     qPrintable(golden.name + ": " + QString::fromStdString(argument)));
        for (const auto& [argument, value] : found.args.items())
            if (!golden.args.contains(argument) && argument != "full_attn")
                QVERIFY2(defaults.contains(argument) && defaults.at(argument) == value,
                         qPrintable(golden.name + ": " + QString::fromStdString(argument) + " = " +
                                    QString::fromStdString(value.dump())));
        // What is still asked for has a fallback: the goldens give every argument that has none.
        for (const ArgumentQuestion& question : found.questions)
            QVERIFY2(!question.fallback.is_null() && !question.sentence.empty(), question.argument.c_str());
    }
}

// What is found builds the network, with no answers but the sizes that no weights tell.
void InferArgumentsTest::foundArgumentsAreTaken() {
    for (const Golden& golden : goldens()) {
        json answers = json::object();
        for (const char* argument : {"image_size", "seq_len", "frames", "downsample_types"})
            if (golden.args.contains(argument))
                answers[argument] = golden.args.at(argument);
        const InferredModel found = inferModelWithFallbacks(golden.shapes, answers);
        const auto generation =
            found.hasGroupNorm ? PackageGeneration::GroupNorm : PackageGeneration::RmsNorm;
        const QString line =
            refusal([&] { packageOptions(found.model, found.args, generation, golden.size); });
        QVERIFY2(line.isEmpty(), qPrintable(golden.name + ": " + line));
    }
}

void InferArgumentsTest::classesAreToldApart() {
    Shapes shapes = withoutMemory(smallUnet(3, 3));
    shapes["mid_attn.fn.fn.to_qkv.weight"] = {384, 8, 1, 1};
    const InferredModel guided = inferModel(shapes);
    QCOMPARE(guided.model, std::string("guided_diffusion.Unet"));
    QVERIFY(guided.questions.empty() && !guided.args.contains("attn_heads"));
    shapes["classes_emb.weight"] = {10, 8};
    QCOMPARE(inferModel(shapes).model, std::string("classifier_free_guidance.Unet"));
    QCOMPARE(inferModel(shapes).args.at("num_classes"), json(10));
}

void InferArgumentsTest::whatIsNotToldIsAsked() {
    const InferredModel unet = inferModel(smallUnet(3, 3));
    QCOMPARE(unet.model, std::string("Unet"));
    QVERIFY(asks(unet, "dropout") && asks(unet, "sinusoidal_pos_emb_theta"));
    QVERIFY(unet.hasMemoryKeyValues);
    QCOMPARE(unet.args.at("attn_heads"), json(1));
    QCOMPARE(unet.args.at("attn_dim_head"), json(16));
    QCOMPARE(unet.args.at("full_attn"), json({true}));
}

void InferArgumentsTest::channelsAreToldApart() {
    const auto told = [](std::int64_t in, std::int64_t out, const json& answers = json::object()) {
        return inferModel(smallUnet(in, out), answers);
    };
    QCOMPARE(told(3, 3).args.at("channels"), json(3));
    QCOMPARE(told(6, 3).args.at("self_condition"), json(true));
    QCOMPARE(told(3, 6).args.at("learned_variance"), json(true));
    QVERIFY(asks(told(2, 2), "self_condition"));
    QVERIFY(!told(2, 2).args.contains("channels"));
    QCOMPARE(told(2, 2, {{"channels", 1}}).args.at("learned_variance"), json(true));
    QCOMPARE(told(2, 2, {{"self_condition", false}}).args.at("channels"), json(2));
    QCOMPARE(told(2, 2, {{"learned_variance", true}}).args.at("self_condition"), json(true));
    QCOMPARE(told(3, 5).args.at("out_dim"), json(5));
    QCOMPARE(told(4, 3, {{"self_condition", true}}).args.at("channels"), json(2));
}

void InferArgumentsTest::headsFollowFromTheirProduct() {
    const Shapes shapes = withoutMemory(smallUnet(3, 3));
    const InferredModel open = inferModel(shapes);
    QVERIFY(asks(open, "attn_heads") && !open.args.contains("attn_dim_head") && !open.hasMemoryKeyValues);
    QCOMPARE(inferModel(shapes, {{"attn_heads", 2}}).args.at("attn_dim_head"), json(8));
    QCOMPARE(inferModel(shapes, {{"attn_dim_head", 16}}).args.at("attn_heads"), json(1));
    VERIFY_CONTAINS(refused(shapes, {{"attn_heads", 3}}), QStringLiteral("a divisor of 16"));
    VERIFY_CONTAINS(refused(shapes, {{"attn_heads", 2}, {"attn_dim_head", 16}}),
                    QStringLiteral("weights say 8"));
    VERIFY_CONTAINS(refused(shapes, {{"attn_heads", 0}}), QStringLiteral("no whole number"));
    VERIFY_CONTAINS(refused(shapes, {{"attn_heads", {1, 2}}}), QStringLiteral("a list of 2 values"));
}

void InferArgumentsTest::fourierFeatures() {
    Shapes shapes = smallUnet(3, 3);
    shapes["time_mlp.0.weights"] = {4};
    const InferredModel open = inferModel(shapes);
    QVERIFY(asks(open, "random_fourier_features"));
    QCOMPARE(open.args.at("learned_sinusoidal_dim"), json(8));
    QCOMPARE(inferModel(shapes, {{"random_fourier_features", false}}).args.at("learned_sinusoidal_cond"),
             json(true));
    QVERIFY(
        !inferModel(shapes, {{"random_fourier_features", true}}).args.contains("learned_sinusoidal_cond"));
    QCOMPARE(inferModel(shapes, {{"learned_sinusoidal_cond", false}}).args.at("random_fourier_features"),
             json(true));
}

void InferArgumentsTest::answersAreChecked() {
    const Shapes shapes = smallUnet(3, 3);
    VERIFY_CONTAINS(refused(shapes, {{"dim", 16}}),
                    QStringLiteral("dim is given as 16 where the weights say 8"));
    VERIFY_CONTAINS(refused(shapes, {{"dim_mult", 1}}), QStringLiteral("did you mean 'dim_mults'"));
    VERIFY_CONTAINS(refused(shapes, {{"dropout", "much"}}), QStringLiteral("give a number"));
    VERIFY_CONTAINS(refused(shapes, {{"channels", 1}}), QStringLiteral("weights say 3"));
    VERIFY_CONTAINS(refused(shapes, json::array()), QStringLiteral("no object"));
    QVERIFY(refused(shapes, {{"init_dim", nullptr}, {"out_dim", 3}, {"flash_attn", true}}).isEmpty());
}

void InferArgumentsTest::fallbacksCompleteOrRefuse() {
    const InferredModel unet = inferModelWithFallbacks(withoutMemory(smallUnet(2, 2)), json::object());
    QVERIFY(unet.questions.empty());
    QCOMPARE(unet.args.at("attn_dim_head"), json(4));
    QCOMPARE(unet.args.at("channels"), json(2));
    for (const Golden& golden : goldens()) {
        const QString line = refusal([&] { inferModelWithFallbacks(golden.shapes, json::object()); });
        if (QString::fromStdString(golden.model).startsWith("Karras"))
            VERIFY_CONTAINS(line, QStringLiteral("was made for?"));
        else
            QVERIFY2(line.isEmpty(), qPrintable(line));
    }
}

void InferArgumentsTest::otherWeightsAreRefused() {
    VERIFY_CONTAINS(refused({}), QStringLiteral("no network that is known"));
    VERIFY_CONTAINS(refused({{"conv1.weight", {1}}}), QStringLiteral("the first is 'conv1.weight'"));
    VERIFY_CONTAINS(refused({{"init_conv.weight", {}}}), QStringLiteral("init_conv.weight"));
    VERIFY_CONTAINS(refused({{"input_block.weight", {0, 1, 2}}}), QStringLiteral("none of a layer"));
    // Every missing tensor and every shortened shape is a refusal or leaves something to ask, never a crash.
    QList<Shapes> all{smallUnet(3, 3)};
    for (const Golden& golden : goldens())
        all << golden.shapes;
    for (const Shapes& shapes : all)
        for (const auto& [name, shape] : shapes) {
            Shapes damaged = shapes;
            damaged.erase(name);
            refused(damaged);
            for (const Shape& wrong :
                 {Shape{}, Shape{1}, Shape{1, 1, 1, 1}, Shape{0, 1}, Shape{INT64_MAX, 1, 1, 1}}) {
                damaged[name] = wrong;
                refused(damaged);
            }
        }
}

QTEST_GUILESS_MAIN(InferArgumentsTest)
#include "inferArgumentsTest.moc"
