// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/WinogradLoops.h"

#include "engine/kernels/TileProduct.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {

using Problem = const WinogradShape&;

// Columns that the inner product takes at once lie side by side.
constexpr Count panelColumns = widestTile * vectorLanes;

// The transforms of Lavin and Gray's F(4, 3), for the points 0, 1, -1, 2, -2 and infinity, of vectors of
// channels. With their names, a tile's outputs are A' ((G w) (B' x)).

// B' of six inputs.
inline void ofInputs(const Floats (&x)[winogradPoints], Floats (&v)[winogradPoints]) {
    const Floats even = x[4] - 4 * x[2], odd = x[3] - 4 * x[1];
    const Floats nextEven = x[4] - x[2], nextOdd = 2 * (x[3] - x[1]);
    v[0] = 4 * x[0] - 5 * x[2] + x[4];
    v[1] = even + odd;
    v[2] = even - odd;
    v[3] = nextEven + nextOdd;
    v[4] = nextEven - nextOdd;
    v[5] = 4 * x[1] - 5 * x[3] + x[5];
}

// A' of the six products.
inline void toOutputs(const Floats (&m)[winogradPoints], Floats (&y)[winogradOutputs]) {
    const Floats sum = m[1] + m[2], difference = m[1] - m[2];
    const Floats nextSum = m[3] + m[4], nextDifference = m[3] - m[4];
    y[0] = m[0] + sum + nextSum;
    y[1] = difference + 2 * nextDifference;
    y[2] = sum + 4 * nextSum;
    y[3] = difference + 8 * nextDifference + m[5];
}

// A of the outputs' gradients.
inline void ofGradients(const Floats (&g)[winogradOutputs], Floats (&p)[winogradPoints]) {
    const Floats even = g[0] + g[2], odd = g[1] + g[3];
    const Floats nextEven = g[0] + 4 * g[2], nextOdd = 2 * g[1] + 8 * g[3];
    p[0] = g[0];
    p[1] = even + odd;
    p[2] = even - odd;
    p[3] = nextEven + nextOdd;
    p[4] = nextEven - nextOdd;
    p[5] = g[3];
}

// G of three taps.
inline void ofTaps(const Floats (&w)[winogradTaps], Floats (&u)[winogradPoints]) {
    const Floats outer = (w[0] + w[2]) / -6, middle = w[1] / 6;
    const Floats nextOuter = w[0] / 24 + w[2] / 6, nextMiddle = w[1] / 12;
    u[0] = w[0] / 4;
    u[1] = outer - middle;
    u[2] = outer + middle;
    u[3] = nextOuter + nextMiddle;
    u[4] = nextOuter - nextMiddle;
    u[5] = w[2];
}

// G' of six sums.
inline void toTaps(const Floats (&m)[winogradPoints], Floats (&w)[winogradTaps]) {
    const Floats sum = (m[1] + m[2]) / -6, nextSum = m[3] + m[4];
    w[0] = m[0] / 4 + sum + nextSum / 24;
    w[1] = (m[2] - m[1]) / 6 + (m[3] - m[4]) / 12;
    w[2] = sum + nextSum / 6 + m[5];
}

// The places of a line; one that it has not is `zeros`.
struct Line {
    const float* places;
    Count width, step;  // between places
    const float* zeros;

    const float* at(Count place) const { return place >= 0 && place < width ? places + place * step : zeros; }
};

// `transform` of the places of each tile, the first of them at 4 tile + shift, to to[point * pointStep]: tile
// by tile, `channels` of each.
template <int taken, class Transform>
void transformTiles(const Line& line, Count firstTile, Count tiles, Count shift, Count channels, float* to,
                    Count pointStep, const Transform& transform) {
    for (Count tile = 0; tile < tiles; ++tile) {
        const float* places[taken];
        for (int i = 0; i < taken; ++i)
            places[i] = line.at(winogradOutputs * (firstTile + tile) + shift + i);
        for (Count c = 0; c < channels; c += vectorLanes) {
            alignas(64) Floats given[taken], made[winogradPoints];
            for (int i = 0; i < taken; ++i)
                given[i] = floatsAt(places[i] + c);
            transform(given, made);
            for (int point = 0; point < winogradPoints; ++point)
                store(to + point * pointStep + tile * channels + c, made[point]);
        }
    }
}

// What is made of a block, in scratch memory: of inputs (6, taps along the depth, lines and those around,
// tiles, in), of outputs or their gradients (6, lines, tiles, out).
struct Made {
    Count linesIn, rows;           // rows: lines times tiles
    Count slice, inputs, outputs;  // floats of a slice of inputs, of all slices, and of outputs
    const float* zeros;
    float *ofInputs, *ofOutputs;

    Made(Problem shape, const WinogradBlock& block, Count out, float* scratch)
        : linesIn(block.lines + shape.heightTaps - 1),
          rows(block.lines * block.tiles),
          slice(linesIn * block.tiles * shape.in),
          inputs(shape.depthTaps * slice),
          outputs(rows * out),
          zeros(scratch),
          ofInputs(scratch + shape.in + shape.out),
          ofOutputs(ofInputs + winogradPoints * inputs) {
        __builtin_memset(scratch, 0, sizeof(float) * static_cast<std::size_t>(shape.in + shape.out));
    }
};

// In places.
Count offsetOf(Problem shape, Count item, Count slice, Count line) {
    return ((item * shape.depth + slice) * shape.height + line) * shape.width;
}

// Calls f(tap along the depth, slice) for those slices that there are.
template <class F>
void forSlices(Problem shape, const WinogradBlock& block, const F& f) {
    for (Count tap = 0; tap < shape.depthTaps; ++tap) {
        const Count slice = block.slice + tap - shape.depthTaps / 2;
        if (slice >= 0 && slice < shape.depth)
            f(tap, slice);
    }
}

void takeInputs(Problem shape, const float* x, const WinogradBlock& block, const Made& made) {
    forSlices(shape, block, [&](Count tap, Count slice) {
        for (Count i = 0; i < made.linesIn; ++i) {
            const Count number = block.firstLine + i - shape.heightTaps / 2;
            const bool there = number >= 0 && number < shape.height;
            const Line line = there ? Line{x + offsetOf(shape, block.item, slice, number) * shape.in,
                                           shape.width, shape.in, made.zeros}
                                    : Line{made.zeros, 0, 0, made.zeros};
            transformTiles<winogradPoints>(line, block.firstTile, block.tiles, -1, shape.in,
                                           made.ofInputs + tap * made.slice + i * block.tiles * shape.in,
                                           made.inputs, ofInputs);
        }
    });
}

void takeGradients(Problem shape, const float* gy, const WinogradBlock& block, ChannelRange outputs,
                   const Made& made) {
    for (Count i = 0; i < block.lines; ++i) {
        const Count offset = offsetOf(shape, block.item, block.slice, block.firstLine + i);
        const Line line{gy + offset * shape.out + outputs.first, shape.width, shape.out, made.zeros};
        transformTiles<winogradOutputs>(line, block.firstTile, block.tiles, 0, outputs.count,
                                        made.ofOutputs + i * block.tiles * outputs.count, made.outputs,
                                        ofGradients);
    }
}

void giveOutputs(Problem shape, const WinogradBlock& block, const Made& made, float* y) {
    for (Count row = 0; row < made.rows; ++row) {
        const Count line = block.firstLine + row / block.tiles,
                    place = winogradOutputs * (block.firstTile + row % block.tiles),
                    places = smaller(winogradOutputs, shape.width - place);
        float* const to = y + (offsetOf(shape, block.item, block.slice, line) + place) * shape.out;
        for (Count c = 0; c < shape.out; c += vectorLanes) {
            alignas(64) Floats products[winogradPoints], results[winogradOutputs];
            for (int point = 0; point < winogradPoints; ++point)
                products[point] = floatsAt(made.ofOutputs + point * made.outputs + row * shape.out + c);
            toOutputs(products, results);
            for (Count i = 0; i < places; ++i)
                store(to + i * shape.out + c, results[i]);
        }
    }
}

// Calls f(point, tap, the inputs' rows, whether they are the first of this point) for all that is multiplied
// by weights of their own.
template <class F>
void forProducts(Problem shape, const WinogradBlock& block, const Made& made, const F& f) {
    for (Count point = 0; point < winogradPoints; ++point) {
        bool first = true;
        forSlices(shape, block, [&](Count depthTap, Count) {
            const float* rows = made.ofInputs + point * made.inputs + depthTap * made.slice;
            for (Count heightTap = 0; heightTap < shape.heightTaps; ++heightTap) {
                f(point, depthTap * shape.heightTaps + heightTap, rows + heightTap * block.tiles * shape.in,
                  first);
                first = false;
            }
        });
    }
}

// Packed: (6, taps, panels of columns, in, columns of a panel).
void outputs(Problem shape, const float* x, const float* packed, const WinogradBlock& block, float* scratch,
             float* y) {
    const Made made(shape, block, shape.out, scratch);
    takeInputs(shape, x, block, made);
    forProducts(shape, block, made, [&](Count point, Count tap, const float* rows, bool first) {
        const float* weights = packed + (point * shape.outerTaps + tap) * shape.in * shape.out;
        float* const sums = made.ofOutputs + point * made.outputs;
        for (Count column = 0; column < shape.out; column += panelColumns) {
            const Count columns = smaller(panelColumns, shape.out - column);
            product<FloatLanes>(made.rows, columns, shape.in, {rows, shape.in, 1},
                                {weights + column * shape.in, columns}, {sums + column, shape.out, !first});
        }
    });
    giveOutputs(shape, block, made, y);
}

void sumGradient(Problem shape, const float* x, const float* gy, const WinogradBlock& block,
                 ChannelRange outputs, float* scratch, float* sums) {
    const Made made(shape, block, outputs.count, scratch);
    takeInputs(shape, x, block, made);
    takeGradients(shape, gy, block, outputs, made);
    forProducts(shape, block, made, [&](Count point, Count tap, const float* rows, bool) {
        float* const to = sums + ((point * shape.outerTaps + tap) * shape.out + outputs.first) * shape.in;
        product<FloatLanes>(outputs.count, shape.in, made.rows,
                            {made.ofOutputs + point * made.outputs, 1, outputs.count}, {rows, shape.in},
                            {to, shape.in, true});
    });
}

// Lanes `step` apart.
inline Floats gathered(const float* from, Count step) {
    float values[vectorLanes];
    for (int i = 0; i < vectorLanes; ++i)
        values[i] = from[i * step];
    return floatsAt(values);
}

void pack(Problem shape, const float* weight, Count first, Count inputs, float* packed) {
    const bool turned = shape.turned;
    const Count taps = shape.outerTaps, pairStep = taps * winogradTaps;
    // Of the weight as it is given.
    const Count inputStep = turned ? shape.out * pairStep : pairStep,
                outputStep = turned ? pairStep : shape.in * pairStep;
    for (Count input = first; input < first + inputs; ++input)
        for (Count tap = 0; tap < taps; ++tap)
            for (Count output = 0; output < shape.out; output += vectorLanes) {
                const float* from = weight + input * inputStep + output * outputStep +
                                    (turned ? taps - 1 - tap : tap) * winogradTaps;
                alignas(64) Floats given[winogradTaps], made[winogradPoints];
                for (int i = 0; i < winogradTaps; ++i)
                    given[turned ? winogradTaps - 1 - i : i] = gathered(from + i, outputStep);
                ofTaps(given, made);
                const Count panel = output / panelColumns * panelColumns,
                            columns = smaller(panelColumns, shape.out - panel);
                float* const to =
                    packed + (tap * shape.out + panel) * shape.in + input * columns + output - panel;
                for (Count point = 0; point < winogradPoints; ++point)
                    store(to + point * taps * shape.out * shape.in, made[point]);
            }
}

void weightGradient(Problem shape, const float* sums, Count parts, Count first, Count outputs,
                    float* gradient) {
    const Count taps = shape.outerTaps;
    for (Count output = first; output < first + outputs; ++output)
        for (Count tap = 0; tap < taps; ++tap)
            for (Count input = 0; input < shape.in; input += vectorLanes) {
                alignas(64) Floats summed[winogradPoints], made[winogradTaps];
                for (Count point = 0; point < winogradPoints; ++point) {
                    const float* from = sums + ((point * taps + tap) * shape.out + output) * shape.in + input;
                    summed[point] = floatsAt(from);
                    for (Count part = 1; part < parts; ++part)
                        summed[point] += floatsAt(from + part * shape.weights);
                }
                toTaps(summed, made);
                float* const to = gradient + ((output * shape.in + input) * taps + tap) * winogradTaps;
                for (int lane = 0; lane < vectorLanes; ++lane)
                    for (int i = 0; i < winogradTaps; ++i)
                        to[lane * taps * winogradTaps + i] = made[i][lane];
            }
}

}  // namespace

extern const WinogradLoops winograd;
const WinogradLoops winograd{pack, outputs, sumGradient, weightGradient};

}  // namespace denoscope::kernels::DENOSCOPE_ARCH
