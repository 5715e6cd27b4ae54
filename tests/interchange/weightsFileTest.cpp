// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>
#include <cstring>

#include "engine/interchange/WeightsFile.h"
#include "tests/interchange/MadeFiles.h"

using namespace denoscope;
using namespace denoscope::test;

namespace {

float at(const StoredTensor& tensor, std::size_t index) {
    float value = 0;
    std::memcpy(&value, tensor.bytes.subspan(index * sizeof(float)).data(), sizeof(float));
    return value;
}

// One scalar tensor, the i-th storage of a made file.
QByteArray scalar(int place) {
    return tensor(storage(QByteArray::number(place), number(1)), 0, {1}, {1});
}
QList<QByteArray> values(int count) {
    QList<QByteArray> storages;
    for (int i = 0; i < count; ++i)
        storages << floats({float(i)});
    return storages;
}
QByteArray moments(int place) {
    return dict(
        {text("step"), scalar(place), text("exp_avg"), scalar(place), text("exp_avg_sq"), scalar(place + 1)});
}
QByteArray adam(const QByteArray& ids, const QByteArray& states) {
    const QByteArray real = "G" + QByteArray::fromHex("3fe0000000000000");  // 0.5
    const QByteArray group = dict({text("lr"), real, text("betas"), tuple({real, real}), text("eps"), real,
                                   text("weight_decay"), number(0), text("params"), ids});
    return dict({text("state"), states, text("param_groups"), "](" + group + "e"});
}

}  // namespace

class WeightsFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void trainersOfThePackage_data();
    void trainersOfThePackage();
    void prefixesAreTold_data();
    void prefixesAreTold();
    void emaByItself();
    void safetensors();
    void adamIsMapped();
    void adamThatDoesNotFit_data();
    void adamThatDoesNotFit();
    void filesWithoutWeights_data();
    void filesWithoutWeights();

private:
    WeightsFile file(const QByteArray& body, int storages) const {
        return readWeights(writeTo(m_folder.filePath("made.pt"), torchFile(body, values(storages))));
    }
    QTemporaryDir m_folder;
};

void WeightsFileTest::trainersOfThePackage_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("version");
    QTest::addColumn<int>("parameters");
    QTest::addColumn<float>("online");  // the first value of final_conv.bias
    QTest::addColumn<float>("ema");
    QTest::addColumn<float>("average");  // of its first moment
    QTest::newRow("1D, 1.8.15") << "trainer_seed_unet1d"
                                << "1.8.15" << 160 << -0.1806698590517044f << -0.17968502640724182f
                                << 0.011739482171833515f;
    QTest::newRow("2D, 2.3.1") << "trainer_unet2d"
                               << "2.3.1" << 141 << -0.17834071815013885f << -0.18009138107299805f
                               << -0.025299862027168274f;
}

void WeightsFileTest::trainersOfThePackage() {
    QFETCH(QString, name);
    QFETCH(int, parameters);
    const std::string path = DENOSCOPE_TEST_DATA "/goldens/" + name.toStdString() + ".pt";
    WeightsFile weights = readWeights(path);
    const WeightsFacts& facts = weights.facts();
    QCOMPARE(facts.layout, std::string("checkpoint of a trainer"));
    QTEST(QString::fromStdString(facts.version), "version");
    QCOMPARE(facts.step, std::optional<std::int64_t>(13));
    QVERIFY(facts.hasOnline && facts.hasEma && facts.hasAdam);
    QVERIFY(facts.ema && facts.ema->initialized);
    QCOMPARE(facts.ema->step, 13);

    const TensorMap online = weights.network(WeightsChoice::Online),
                    ema = weights.network(WeightsChoice::Ema);
    QCOMPARE(online.size(), std::size_t(parameters));
    QTEST(at(online.at("final_conv.bias"), 0), "online");
    QTEST(at(ema.at("final_conv.bias"), 0), "ema");
    QCOMPARE(weights.names(WeightsChoice::Online), weights.names(WeightsChoice::Ema));
    QCOMPARE(weights.names(WeightsChoice::Online).front(), std::string("init_conv.weight"));
    const auto shapes = weights.shapes(WeightsChoice::Ema);
    for (const auto& [key, tensor] : online) {
        QCOMPARE(tensor.dtype, std::string("F32"));
        QCOMPARE(tensor.shape, shapes.at(key));
        QCOMPARE(tensor.bytes.size(), std::size_t(elementCount(tensor.shape)) * sizeof(float));
    }
    const TensorMap schedule = weights.schedule(WeightsChoice::Online);
    QCOMPARE(schedule.size(), 13UL);
    QCOMPARE(schedule.at("betas").shape, (Shape{50}));
    QVERIFY(weights.others(WeightsChoice::Online).empty());

    const std::optional<AdamState> adamState = weights.adam();
    QVERIFY(adamState);
    QCOMPARE(adamState->learningRate, 8e-4);
    QCOMPARE(adamState->beta2, 0.99);
    QCOMPARE(adamState->moments.size(), std::size_t(parameters));
    QCOMPARE(adamState->moments.at("final_conv.bias").step, 13.0);
    QTEST(at(adamState->moments.at("final_conv.bias").average, 0), "average");
    QCOMPARE(weights.isTrained("final_conv.bias"), std::optional<bool>(true));
}

void WeightsFileTest::prefixesAreTold_data() {
    QTest::addColumn<QByteArray>("prefix");
    QTest::addColumn<QByteArray>("outer");
    QTest::newRow("none") << QByteArray() << QByteArray();
    QTest::newRow("a process") << QByteArray("model.") << QByteArray();
    QTest::newRow("elucidated") << QByteArray("net.") << QByteArray();
    QTest::newRow("parallel") << QByteArray("module.model.") << QByteArray("module.");
    QTest::newRow("compiled") << QByteArray("model._orig_mod.") << QByteArray();
}

void WeightsFileTest::prefixesAreTold() {
    QFETCH(QByteArray, prefix);
    QFETCH(QByteArray, outer);
    const QByteArray body = dict({text(outer + "betas"), scalar(0), text(prefix + "init_conv.weight"),
                                  scalar(1), text(prefix + "downs.0.init_conv.weight"), scalar(2)});
    WeightsFile weights = file(body, 3);
    QCOMPARE(weights.facts().layout, std::string("state dict"));
    QVERIFY(!weights.facts().hasEma && !weights.facts().step && !weights.adam());
    const TensorMap network = weights.network(WeightsChoice::Online);
    QCOMPARE(network.size(), 2UL);
    QCOMPARE(at(network.at("init_conv.weight"), 0), 1.0f);
    QVERIFY(network.contains("downs.0.init_conv.weight"));
    QVERIFY(weights.schedule(WeightsChoice::Online).contains("betas"));
    VERIFY_CONTAINS(refusal([&] { weights.network(WeightsChoice::Ema); }),
                    QStringLiteral("holds no EMA weights"));
}

void WeightsFileTest::emaByItself() {
    WeightsFile weights = file(dict({text("initted"), scalar(1), text("step"), scalar(3),
                                     text("ema_model.net.input_block.weight"), scalar(2)}),
                               4);
    QVERIFY(!weights.facts().hasOnline && weights.facts().hasEma);
    QCOMPARE(weights.facts().ema->step, 3);
    QVERIFY(weights.facts().ema->initialized);
    QCOMPARE(at(weights.network(WeightsChoice::Ema).at("input_block.weight"), 0), 2.0f);
}

void WeightsFileTest::safetensors() {
    const std::vector<float> data{1, 2};
    const auto path = m_folder.filePath("weights.safetensors").toStdString();
    const StoredTensor stored{"F32", {2}, std::as_bytes(std::span(data))};
    writeSafetensors(path, {{"model.init_conv.weight", stored}, {"betas", stored}}, {});
    WeightsFile weights = readWeights(path);
    QCOMPARE(weights.facts().layout, std::string("safetensors"));
    QCOMPARE(at(weights.network(WeightsChoice::Online).at("init_conv.weight"), 1), 2.0f);
    QCOMPARE(weights.schedule(WeightsChoice::Online).size(), 1UL);
}

void WeightsFileTest::adamIsMapped() {
    // The second parameter is fixed and has no state; what is learned beside the network counts too.
    const QByteArray model = dict({text("betas"), scalar(0), text("model.init_conv.weight"), scalar(1),
                                   text("model.fixed"), scalar(2), text("log_snr.net.bias"), scalar(3)});
    WeightsFile weights = file(dict({text("model"), model, text("opt"),
                                     adam("](" + number(0) + number(1) + number(2) + "e",
                                          dict({number(0), moments(1), number(2), moments(4)}))}),
                               6);
    const AdamState state = *weights.adam();
    QCOMPARE(state.learningRate, 0.5);
    QCOMPARE(state.moments.size(), 2UL);
    QCOMPARE(at(state.moments.at("init_conv.weight").averageOfSquares, 0), 2.0f);
    QCOMPARE(at(state.moments.at("log_snr.net.bias").average, 0), 4.0f);
    QCOMPARE(weights.isTrained("fixed"), std::optional<bool>(false));
    QCOMPARE(weights.isTrained("init_conv.weight"), std::optional<bool>(true));
    QVERIFY(weights.others(WeightsChoice::Online).contains("log_snr.net.bias"));
}

void WeightsFileTest::adamThatDoesNotFit_data() {
    QTest::addColumn<QByteArray>("adam");
    QTest::addColumn<QString>("message");
    const QByteArray one = "](" + number(0) + "e";
    QTest::newRow("too many") << adam("](" + number(0) + number(1) + "e", "}")
                              << "lists 2 parameters where the model has 1";
    QTest::newRow("no numbers") << adam("](" + text("a") + "e", "}") << "something that is no number";
    QTest::newRow("another optimizer")
        << adam(one, dict({number(0), dict({text("momentum_buffer"), scalar(1)})}))
        << "has no exp_avg, so it is no Adam";
    QTest::newRow("another shape")
        << adam(one, dict({number(0),
                           dict({text("exp_avg"), tensor(storage("0", number(1)), 0, {1, 1}, {1, 1})})}))
        << "exp_avg is 1 x 1 where the parameter is 1";
    QTest::newRow("no group") << dict({text("state"), "}", text("param_groups"), "]"})
                              << "no state of one group";
    QTest::newRow("no settings") << dict({text("state"), "}", text("param_groups"),
                                          "](" + dict({text("params"), one}) + "e"})
                                 << "'lr' is no number";
}

void WeightsFileTest::adamThatDoesNotFit() {
    QFETCH(QByteArray, adam);
    QFETCH(QString, message);
    WeightsFile weights =
        file(dict({text("model"), dict({text("init_conv.weight"), scalar(0)}), text("opt"), adam}), 2);
    QCOMPARE(weights.network(WeightsChoice::Online).size(), 1UL);
    const QString line = refusal([&] { weights.adam(); });
    VERIFY_CONTAINS(line, message);
    VERIFY_CONTAINS(line, QStringLiteral("without the optimizer"));
}

void WeightsFileTest::filesWithoutWeights_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("message");
    QTest::newRow("a number") << number(1) << "holds a whole number and no dict of weights";
    QTest::newRow("other keys") << dict({text("lr"), number(1), text("loss"), number(2)})
                                << "its entries are 'lr', 'loss'";
    QTest::newRow("a number among weights")
        << dict({text("model"), dict({text("w"), scalar(0), text("n"), number(1)})})
        << "the entry 'n' is a whole number and no tensor";
    QTest::newRow("a number for a name") << dict({text("model"), dict({number(1), scalar(0)})})
                                         << "a whole number stands where a tensor's name belongs";
    QTest::newRow("a name that steers") << dict({text("a\nb"), scalar(0)}) << "'a?b' has characters";
    QTest::newRow("empty") << QByteArray("}") << "holds no weights";
}

void WeightsFileTest::filesWithoutWeights() {
    QFETCH(QByteArray, body);
    QFETCH(QString, message);
    const QString line = refusal([&] { file(body, 1); });
    VERIFY_CONTAINS(line, message);
    VERIFY_CONTAINS(line, QStringLiteral("torch.save(model.state_dict()"));
}

QTEST_GUILESS_MAIN(WeightsFileTest)
#include "weightsFileTest.moc"
