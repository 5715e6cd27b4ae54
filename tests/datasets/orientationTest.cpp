// SPDX-License-Identifier: GPL-3.0-or-later
// One volume stored along every order and direction of its axes, in three formats: the same value lies at the
// same place in the world in all of them.
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/api/Orientation.h"
#include "tests/datasets/MadeFiles.h"

using namespace denoscope;

namespace {

using Vector = std::array<double, 3>;

// What is stored: voxel (x, y, z) of the base volume holds 100 x + 10 y + z and lies at origin + columns *
// (x, y, z).
struct Base {
    const char* name;
    std::array<Vector, 3> columns;  // RAS+ mm
    Vector origin;
};
constexpr std::array<int, 3> extents{4, 5, 6};
// All numbers are exact as float32, in which NIfTI keeps them.
const std::array bases{
    Base{"straight", {{{1.5, 0, 0}, {0, 2, 0}, {0, 0, 3.25}}}, {-90.5, 12, 7}},
    Base{"oblique", {{{1.25, 0.5, -0.25}, {-0.5, 1.75, 0.375}, {0.25, -0.5, 2.5}}}, {3, -70.25, 41}}};

// File axis a runs along base axis order[a], backwards where flip[a].
struct Storage {
    std::array<std::size_t, 3> order;
    std::array<bool, 3> flip;

    int extent(std::size_t axis) const { return extents[order[axis]]; }
    std::array<int, 3> base(const std::array<int, 3>& voxel) const {
        std::array<int, 3> found{};
        for (std::size_t a = 0; a < 3; ++a)
            found[order[a]] = flip[a] ? extent(a) - 1 - voxel[a] : voxel[a];
        return found;
    }
    std::array<Vector, 3> columns(const Base& b) const {
        std::array<Vector, 3> found{};
        for (std::size_t a = 0; a < 3; ++a)
            for (std::size_t row = 0; row < 3; ++row)
                found[a][row] = b.columns[order[a]][row] * (flip[a] ? -1 : 1);
        return found;
    }
    Vector origin(const Base& b) const {
        Vector found = b.origin;
        for (std::size_t a = 0; a < 3; ++a)
            for (std::size_t row = 0; flip[a] && row < 3; ++row)
                found[row] += b.columns[order[a]][row] * (extent(a) - 1);
        return found;
    }
    QByteArray voxels() const {
        std::vector<std::int16_t> values;
        for (int k = 0; k < extent(2); ++k)
            for (int j = 0; j < extent(1); ++j)
                for (int i = 0; i < extent(0); ++i) {
                    const std::array<int, 3> b = base({i, j, k});
                    values.push_back(static_cast<std::int16_t>(100 * b[0] + 10 * b[1] + b[2]));
                }
        return bytesOf(values);
    }
};

std::vector<Storage> storages() {
    std::vector<Storage> all;
    std::array<std::size_t, 3> order{0, 1, 2};
    do {
        for (unsigned flips = 0; flips < 8; ++flips)
            all.push_back({order, {(flips & 1) != 0, (flips & 2) != 0, (flips & 4) != 0}});
    } while (std::next_permutation(order.begin(), order.end()));
    return all;
}

QByteArray asNifti(const Storage& s, const Base& b) {
    nifti_1_header h = niftiHeader(static_cast<short>(s.extent(0)), static_cast<short>(s.extent(1)),
                                   static_cast<short>(s.extent(2)), DT_INT16, 16);
    const auto columns = s.columns(b);
    const Vector origin = s.origin(b);
    float* const rows[3] = {h.srow_x, h.srow_y, h.srow_z};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 3; ++column)
            rows[row][column] = static_cast<float>(columns[column][row]);
        rows[row][3] = static_cast<float>(origin[row]);
    }
    h.sform_code = 1;
    return nifti(h, s.voxels());
}

QByteArray text(const Vector& v, const Vector& signs, const char* between) {
    return QByteArray::number(v[0] * signs[0], 'g', 17) + between +
           QByteArray::number(v[1] * signs[1], 'g', 17) + between +
           QByteArray::number(v[2] * signs[2], 'g', 17);
}

QByteArray asNrrd(const Storage& s, const Base& b, const QByteArray& space, const Vector& signs) {
    QByteArray directions;
    for (const Vector& column : s.columns(b))
        directions += " (" + text(column, signs, ",") + ")";
    return "NRRD0004\ntype: int16\ndimension: 3\nspace: " + space +
           "\nsizes: " + QByteArray::number(s.extent(0)) + " " + QByteArray::number(s.extent(1)) + " " +
           QByteArray::number(s.extent(2)) + "\nspace directions:" + directions +
           "\nkinds: domain domain domain\nendian: little\nencoding: raw\n" + "space origin: (" +
           text(s.origin(b), signs, ",") + ")\n\n" + s.voxels();
}

QByteArray asMetaImage(const Storage& s, const Base& b) {
    const Vector lps{-1, -1, 1};
    QByteArray matrix, spacing;
    for (const Vector& column : s.columns(b)) {
        const double length = std::hypot(column[0], column[1], column[2]);
        matrix += " " + text({column[0] / length, column[1] / length, column[2] / length}, lps, " ");
        spacing += " " + QByteArray::number(length, 'g', 17);
    }
    return "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = "
           "False\nTransformMatrix =" +
           matrix + "\nOffset = " + text(s.origin(b), lps, " ") + "\nElementSpacing =" + spacing +
           "\nDimSize = " + QByteArray::number(s.extent(0)) + " " + QByteArray::number(s.extent(1)) + " " +
           QByteArray::number(s.extent(2)) + "\nElementType = MET_SHORT\nElementDataFile = LOCAL\n" +
           s.voxels();
}

double determinant(const std::array<double, 16>& a) {
    return a[0] * (a[5] * a[10] - a[6] * a[9]) - a[1] * (a[4] * a[10] - a[6] * a[8]) +
           a[2] * (a[4] * a[9] - a[5] * a[8]);
}

// The voxel that lies at a place in the world, by Cramer's rule.
std::array<double, 3> voxelAt(const std::array<double, 16>& a, const Vector& world) {
    std::array<double, 3> voxel{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        std::array<double, 16> replaced = a;
        for (std::size_t row = 0; row < 3; ++row)
            replaced[row * 4 + axis] = world[row] - a[row * 4 + 3];
        voxel[axis] = determinant(replaced) / determinant(a);
    }
    return voxel;
}

}  // namespace

class orientationTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    void compare(const QString& file, const QByteArray& bytes, const Storage& s, const Base& b,
                 double tolerance) {
        const auto set = openPath(put(m_folder.filePath(file), bytes));
        const Item item = set->read(0);
        const std::array<double, 16>& affine = item.geometry.affine;
        const auto columns = s.columns(b);
        const Vector origin = s.origin(b);
        double sign = 0;
        std::array<double, 16> wanted{};
        wanted[15] = 1;
        for (std::size_t row = 0; row < 3; ++row) {
            for (std::size_t column = 0; column < 3; ++column)
                wanted[row * 4 + column] = columns[column][row];
            wanted[row * 4 + 3] = origin[row];
        }
        sign = determinant(wanted);
        for (std::size_t i = 0; i < 16; ++i)
            QVERIFY(std::abs(affine[i] - wanted[i]) <= tolerance);
        QVERIFY(determinant(affine) * sign > 0);
        for (std::size_t a = 0; a < 3; ++a)
            QVERIFY(std::abs(item.geometry.spacing[a] -
                             std::hypot(columns[a][0], columns[a][1], columns[a][2])) < 1e-9);
        for (int x = 0; x < extents[0]; ++x)
            for (int y = 0; y < extents[1]; ++y)
                for (int z = 0; z < extents[2]; ++z) {
                    Vector world = b.origin;
                    for (std::size_t row = 0; row < 3; ++row)
                        world[row] += b.columns[0][row] * x + b.columns[1][row] * y + b.columns[2][row] * z;
                    const auto voxel = voxelAt(affine, world);
                    const auto at = [&](std::size_t axis) { return std::llround(voxel[axis]); };
                    const auto place = (at(2) * item.array->shape[2] + at(1)) * item.array->shape[3] + at(0);
                    QCOMPARE(item.array->values[static_cast<std::size_t>(place)],
                             float(100 * x + 10 * y + z));
                }
    }

private Q_SLOTS:
    void valuesStayWhereTheyAre_data() {
        QTest::addColumn<std::size_t>("base");
        for (std::size_t i = 0; i < bases.size(); ++i)
            QTest::newRow(bases[i].name) << i;
    }
    void valuesStayWhereTheyAre() {
        QFETCH(std::size_t, base);
        const Base& b = bases[base];
        for (const Storage& s : storages()) {
            compare("v.nii", asNifti(s, b), s, b, 0);
            compare("v.nrrd", asNrrd(s, b, "left-posterior-superior", {-1, -1, 1}), s, b, 0);
            compare("v.nrrd", asNrrd(s, b, "RAS", {1, 1, 1}), s, b, 0);
            compare("v.nrrd", asNrrd(s, b, "left-anterior-superior", {-1, 1, 1}), s, b, 0);
            compare("v.mha", asMetaImage(s, b), s, b, 1e-12);
            if (QTest::currentTestFailed())
                return;
        }
    }

    void lettersFollowTheAffine() {
        std::set<std::string> seen;
        for (const Base& b : bases)
            for (const Storage& s : storages()) {
                const auto set = openPath(put(m_folder.filePath("v.nii"), asNifti(s, b)));
                std::string wanted;
                for (std::size_t a = 0; a < 3; ++a)
                    wanted += std::array{"RL", "AP", "SI"}[s.order[a]][s.flip[a] ? 1 : 0];
                QCOMPARE(orientationLetters(set->facts().geometry), wanted);
                seen.insert(wanted);
            }
        QCOMPARE(seen.size(), std::size_t{48});
        QCOMPARE(orientationLetters(Geometry{1, {1, 1, 1}, {}}), std::string());
        // Each letter once, even where two axes lean to the same side of the body.
        Geometry leaning;
        leaning.affine = {0.9, 0.8, 0, 0, 0.1, 0.6, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
        QCOMPARE(orientationLetters(leaning), std::string("RAS"));
    }
};

QTEST_GUILESS_MAIN(orientationTest)
#include "orientationTest.moc"
