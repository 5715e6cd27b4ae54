// SPDX-License-Identifier: GPL-3.0-or-later
// Moving pictures through FFmpeg's libraries.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/data/export/PictureGrid.h"

namespace denoscope {

// Whether the ending is one of a film: .gif, .mp4 (H.264) or .webp (animated, lossless).
bool isFilmPath(std::string_view path);

// Takes pictures of one size, one after another; finish() writes the file beside its target and renames it.
// Without finish() nothing is written. GIFs get one palette of 256 colours for the whole film; the sides of
// an MP4 are rounded up to even numbers. Throws EngineError with the path: an ending that is no film's, a
// rate or size that cannot be, an encoder that this FFmpeg lacks, a full disk.
class FilmWriter {
public:
    FilmWriter(std::string path, std::int64_t width, std::int64_t height, int framesPerSecond);
    ~FilmWriter();
    FilmWriter(const FilmWriter&) = delete;
    FilmWriter& operator=(const FilmWriter&) = delete;

    void add(const RgbPicture& picture);
    void finish();

private:
    class Encoder;
    std::unique_ptr<Encoder> m_encoder;
};

// picture(0) .. picture(count - 1), each made only when its turn comes.
void writeFilm(std::size_t count, const std::function<RgbPicture(std::size_t)>& picture,
               const std::string& path, int framesPerSecond);

// One picture per frame, gridOf() its items: a denoising, time points, items one after another.
void writeFilm(const std::vector<std::vector<Item>>& frames, const std::string& path, double low, double high,
               int framesPerSecond);

// A volume slice by slice along its depth.
void writeSliceFilm(const Item& volume, const std::string& path, double low, double high,
                    int framesPerSecond);

// writeItems() that takes the endings of films as well: one volume slice by slice, several items one after
// another, ten pictures a second.
std::vector<std::string> writeItemsOrFilm(const std::vector<Item>& items, const std::string& path, double low,
                                          double high);

}  // namespace denoscope
