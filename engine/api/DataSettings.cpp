// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/SettingBuilder.h"

namespace denoscope {

void describeData(std::vector<Setting>& list) {
    Section section(list, "data", &RunConfig::data);
    section
        .add(&DataConfig::source, "source", "Source",
             "What to learn from: a file, a folder, or a built-in set (demo:beats, demo:shapes, demo:heads).")
        .kind(SettingKind::Path);
    section
        .add(&DataConfig::part, "part", "Part",
             "Which part of the source, where it holds several: a series of a DICOM folder (`all` for every "
             "one), an array of an NPZ file, columns of a table by name or number; or how an array is read "
             "whose axes do not tell (`signals`, `images`, `volumes`; in an NPZ file `scan as volumes`). "
             "`denoscope-cli info` lists them. Empty takes the obvious one.")
        .advanced();
    section
        .add(&DataConfig::sampleRate, "sample_rate", "Sample rate",
             "For signals whose file does not give one, such as tables and bare arrays. 0: what the file "
             "says.")
        .range(0, 1e9)
        .unit("Hz")
        .advanced();
    section
        .add(&DataConfig::as, "as", "Take as",
             "What one item is. `own`: what the source holds. `slices`: every axial slice of a volume is an "
             "image, seen from the feet with the front on top, and what is trained is a network in 2D.")
        .advanced();
    section
        .add(&DataConfig::size, "size", "Size",
             "The extents the network works on, in samples, pixels or voxels: length; height, width; or "
             "depth, height, width. Each must be divisible by 2 for every down-sampling that halves it. "
             "Empty takes the data's own size.")
        .range(1, 1 << 20);
    section.add(&DataConfig::fit, "fit", "Fit",
                "What happens to items of another size. `exact` refuses them; `crop` cuts a piece; `pad` "
                "fills up with "
                "silence or the lowest value. Nothing is ever squashed.");
    section
        .add(
            &DataConfig::low, "low", "Window from",
            "The value that becomes -1. Values below it are clamped, so a narrow window spends the network's "
            "range on what matters, such as soft tissue in CT. Equal to the upper end: the data's own range.")
        .range(-1e30, 1e30);
    section
        .add(&DataConfig::high, "high", "Window to",
             "The value that becomes +1. Values above it are clamped. Equal to the lower end: the data's own "
             "range.")
        .range(-1e30, 1e30);
    section.add(
        &DataConfig::useLabels, "use_labels", "Use labels",
        "Learn each class by itself where the data has labels, so that you can ask for one when sampling.");
    section.add(
        &DataConfig::mirror, "mirror", "Mirror",
        "Show every second item mirrored left to right. Helps small sets of images or volumes; wrong for "
        "digits, letters and everything where left and right differ.");
    section
        .add(&DataConfig::cacheMiB, "cache_mib", "Cache",
             "How much decoded data may stay in memory. Raise it when training waits for data.")
        .range(1, 1 << 20)
        .logarithmic()
        .unit("MiB")
        .advanced();
}

}  // namespace denoscope
