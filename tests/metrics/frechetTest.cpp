// SPDX-License-Identifier: GPL-3.0-or-later
// The Frechet distance against the reference package, against Gaussians whose distance is known, and against
// the equation as it is written.
#include <ATen/ATen.h>

#include <QtTest>

#include "engine/api/Error.h"
#include "engine/core/Noise.h"
#include "engine/core/Safetensors.h"
#include "engine/core/Tensors.h"
#include "engine/metrics/Frechet.h"

using namespace denoscope;

namespace {

at::Tensor normal(std::int64_t rows, std::int64_t columns, std::uint64_t key) {
    return standardNormal({rows, columns}, key).to(at::kDouble);
}

// Rows whose mean is exactly 0 and whose covariance is exactly the identity.
at::Tensor whitened(std::int64_t rows, std::int64_t columns, std::uint64_t key) {
    const at::Tensor some = normal(rows, columns, key);
    return std::get<0>(at::linalg_qr(some - some.mean(0))) * std::sqrt(static_cast<double>(rows - 1));
}

// Heusel et al. 2017, eq. 6, through the symmetric form tr (S1^(1/2) S2 S1^(1/2))^(1/2).
double asWritten(const at::Tensor& a, const at::Tensor& b) {
    const auto covariance = [](const at::Tensor& rows) {
        const at::Tensor centred = rows - rows.mean(0);
        return at::matmul(centred.t(), centred) / static_cast<double>(rows.size(0) - 1);
    };
    const at::Tensor s1 = covariance(a), s2 = covariance(b);
    const auto [values, vectors] = at::linalg_eigh(s1);
    const at::Tensor root = at::matmul(vectors * values.clamp_min(0).sqrt(), vectors.t());
    const at::Tensor shared = at::linalg_eigvalsh(at::matmul(at::matmul(root, s2), root));
    const at::Tensor apart = (a.mean(0) - b.mean(0)).square().sum();
    return (apart + s1.trace() + s2.trace() - 2 * shared.clamp_min(0).sqrt().sum()).item<double>();
}

bool close(double actual, double expected, double relative) {
    const bool fine = std::abs(actual - expected) <= relative * std::abs(expected);
    if (!fine)
        qWarning("%.17g should be %.17g (off by %.2g)", actual, expected, actual / expected - 1);
    return fine;
}

at::Tensor stored(const SafetensorsFile& file, const std::string& name) {
    const at::Tensor tensor = at::empty(file.at(name).shape, at::kDouble);
    copyStored(file.at(name), name, tensor);
    return tensor;
}

}  // namespace

class frechetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheReferencePackage() {
        const SafetensorsFile file(DENOSCOPE_TEST_DATA "/goldens/frechet.safetensors");
        for (const char* kind : {"", "_lowrank"}) {  // 500 and 400 rows of 32 features; 20 and 25
            const double expected = stored(file, std::string("out.frechet") + kind).item<double>();
            const double actual = frechetDistance(stored(file, std::string("in.a") + kind),
                                                  stored(file, std::string("in.b") + kind));
            qInfo("frechet%s %.15g, relative difference %.2g", kind, actual, actual / expected - 1);
            QVERIFY(close(actual, expected, 1e-7));
        }
    }

    void equalsTheEquationAtEveryRank() {
        for (const std::int64_t rows : {3, 8, 9, 200}) {
            const at::Tensor mix = normal(9, 9, 7);
            const at::Tensor a = normal(rows, 9, 1), b = at::matmul(normal(rows + 2, 9, 2), mix) + 0.3;
            QVERIFY(close(frechetDistance(a, b), asWritten(a, b), 1e-6));
        }
    }

    void equalsWhatIsKnownOfGaussians() {
        // Covariances with common axes: the squared distances of the means and of the deviations.
        const at::Tensor axes = std::get<0>(at::linalg_qr(normal(5, 5, 3)));
        const at::Tensor s = at::tensor({0.1, 1.0, 2.0, 3.0, 0.0}, at::kDouble);
        const at::Tensor t = at::tensor({0.2, 0.5, 2.0, 7.0, 1.0}, at::kDouble);
        const at::Tensor a = at::matmul(whitened(50, 5, 4) * s, axes);
        const at::Tensor b = at::matmul(whitened(31, 5, 5) * t, axes) + 2.0;
        QVERIFY(close(frechetDistance(a, b), 5 * 4.0 + 0.01 + 0.25 + 16 + 1, 1e-10));
        // One feature: (m1 - m2)^2 + (s1 - s2)^2.
        QVERIFY(close(frechetDistance(whitened(9, 1, 6) * 3 + 1, whitened(12, 1, 7) - 4), 29, 1e-12));
    }

    void isADistance() {
        const at::Tensor a = normal(40, 6, 8), b = normal(30, 6, 9) * 1.5 + 1;
        const double apart = frechetDistance(a, b);
        QVERIFY(frechetDistance(a, a) < 1e-12);
        QVERIFY(close(frechetDistance(b, a), apart, 1e-12));
        QVERIFY(close(frechetDistance(a.flip(0), b), apart, 1e-12));  // the order of items
        QVERIFY(close(frechetDistance(a.flip(1), b.flip(1)), apart, 1e-12));
        QVERIFY(close(frechetDistance(a * 10 - 3, b * 10 - 3), apart * 100, 1e-12));
        QVERIFY(close(frechetDistance(a.to(at::kFloat), b.to(at::kFloat)), apart, 1e-5));
    }

    void refusesWhatHasNoDistance() {
        const at::Tensor fine = normal(4, 3, 1);
        const auto refused = [&](const at::Tensor& other) {
            try {
                frechetDistance(fine, other);
            } catch (const EngineError& error) {
                return !error.error().remedy.empty();
            }
            return false;
        };
        at::Tensor hole = fine.clone();
        hole[1][2] = std::nan("");
        QVERIFY(refused(hole));
        QVERIFY(refused(fine / 0.0));
        QVERIFY(refused(fine.slice(0, 0, 1)));
        QVERIFY(refused(fine.slice(0, 0, 0)));
        QVERIFY(refused(fine.slice(1, 0, 2)));
        QVERIFY(refused(fine[0]));
    }
};

QTEST_GUILESS_MAIN(frechetTest)
#include "frechetTest.moc"
