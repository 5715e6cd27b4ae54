// SPDX-License-Identifier: GPL-3.0-or-later
// Volumes that other programs wrote, against what their headers and bytes say by another reading of them.
#include <QFileInfo>
#include <QtTest>

#include <cmath>

#include "engine/api/Orientation.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

namespace {

struct Known {
    const char* path;
    Shape shape;
    std::int64_t count;
    const char *dtype, *letters;
    std::array<double, 3> spacing, origin;
    double slope, timeStep;
    double min, max, mean;
};

const std::array volumes{Known{"nibabel/anatomical.nii",
                               {1, 25, 41, 33},
                               1,
                               "int16",
                               "LAS",
                               {2, 2, 2},
                               {32, -40, -16},
                               1,
                               0,
                               -610,
                               30393,
                               8401.0667258},
                         Known{"nibabel/functional.nii",
                               {1, 3, 21, 17},
                               20,
                               "int16",
                               "LAS",
                               {4, 4, 8},
                               {32, -40, 0},
                               0.0754069686,
                               2,
                               629.826171875,
                               5571.6218586564,
                               3637.4085136752},
                         Known{"nibabel/example4d.nii.gz",
                               {1, 24, 96, 128},
                               2,
                               "int16",
                               "LAS",
                               {2, 2, 2.2},
                               {117.8551, -35.72294, -7.248798},
                               1,
                               2000,
                               0,
                               1162,
                               172.9081149646},
                         Known{"niivue/spmMotor.nii.gz",
                               {1, 79, 95, 79},
                               1,
                               "int16",
                               "LAS",
                               {2, 2, 2},
                               {78, -112, -70},
                               0.000370998401,
                               0,
                               -6.8623574269,
                               12.1565046120,
                               0.2125830838},
                         Known{"niivue/nifti_space/LAS.nii.gz",
                               {1, 67, 79, 64},
                               1,
                               "uint8",
                               "LAS",
                               {2.385232, 2.389754, 2.366486},
                               {74.507, -110.76, -71.763},
                               0.362956405,
                               0,
                               0,
                               92.5538831949,
                               33.6483951250},
                         Known{"niivue/nifti_space/RAS.nii.gz",
                               {1, 67, 79, 64},
                               1,
                               "uint8",
                               "RAS",
                               {2.385232, 2.389754, 2.366486},
                               {-75.763, -110.76, -71.763},
                               0.362956405,
                               0,
                               0,
                               92.5538831949,
                               33.6483951250},
                         Known{"pynrrd/BallBinary30x30x30.nrrd",
                               {1, 30, 30, 30},
                               1,
                               "int16",
                               "LPS",
                               {1, 1, 1},
                               {0, 0, 0},
                               1,
                               0,
                               0,
                               257,
                               136.3813333333},
                         Known{"pynrrd/BallBinary30x30x30_gz.nrrd",
                               {1, 30, 30, 30},
                               1,
                               "int16",
                               "LPS",
                               {1, 1, 1},
                               {0, 0, 0},
                               1,
                               0,
                               0,
                               257,
                               136.3813333333},
                         Known{"pynrrd/BallBinary30x30x30.nhdr",
                               {1, 30, 30, 30},
                               1,
                               "int16",
                               "LPS",
                               {1, 1, 1},
                               {0, 0, 0},
                               1,
                               0,
                               0,
                               257,
                               136.3813333333},
                         Known{"pynrrd/BallBinary30x30x30.nii.gz",
                               {1, 30, 30, 30},
                               1,
                               "int16",
                               "LPS",
                               {1, 1, 1},
                               {0, 0, 0},
                               1,
                               0,
                               0,
                               257,
                               136.3813333333},
                         Known{"elastix/3DCT_lung_baseline_small.mha",
                               {1, 64, 78, 57},
                               1,
                               "int16",
                               "LPS",
                               {2.732, 2.732, 5},
                               {152.461, 148.986, -1432},
                               1,
                               0,
                               -1130,
                               1379,
                               -349.9505138045}};

bool isClose(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

}  // namespace

class realVolumesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agree_data() {
        QTest::addColumn<std::size_t>("index");
        for (std::size_t i = 0; i < volumes.size(); ++i)
            QTest::newRow(volumes[i].path) << i;
    }
    void agree() {
        QFETCH(std::size_t, index);
        const Known& known = volumes[index];
        const std::string path = std::string(DENOSCOPE_SHARED "/data/3d/") + known.path;
        if (!QFileInfo::exists(QString::fromStdString(path)))
            QSKIP("the real volumes are not here");
        const DataFacts facts = openPath(path)->facts();
        QCOMPARE(facts.shape, known.shape);
        QCOMPARE(facts.count, known.count);
        QCOMPARE(facts.dtype, std::string(known.dtype));
        QCOMPARE(orientationLetters(facts.geometry), std::string(known.letters));
        for (std::size_t axis = 0; axis < 3; ++axis) {
            QVERIFY(isClose(facts.geometry.spacing[axis], known.spacing[axis], 1e-5));
            QVERIFY(isClose(facts.geometry.affine[axis * 4 + 3], known.origin[axis], 1e-4));
        }
        QVERIFY(isClose(facts.details.slope, known.slope, 1e-9));
        QCOMPARE(facts.details.timeStep, known.timeStep);
        QVERIFY(isClose(facts.min, known.min, 1e-5));
        QVERIFY(isClose(facts.max, known.max, 1e-5));
        QVERIFY2(isClose(facts.mean, known.mean, 1e-5), qPrintable(QString::number(facts.mean, 'g', 10)));
    }

    // A header that leaves out how much of its file to skip: the values are displaced, and a note says so.
    void suspectsAForgottenSkip() {
        const std::string path = DENOSCOPE_SHARED "/data/3d/pynrrd/BallBinary30x30x30_nifti.nhdr";
        if (!QFileInfo::exists(QString::fromStdString(path)))
            QSKIP("the real volumes are not here");
        const auto set = openPath(path);
        QCOMPARE(set->facts().notes.size(), std::size_t{1});
        QVERIFY(set->facts().notes.front().find("352 bytes more") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(realVolumesTest)
#include "realVolumesTest.moc"
