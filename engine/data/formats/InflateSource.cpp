// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes inside gzip and zlib streams. Every few MiB the state of the decoder is kept, so that a place that
// lies behind is reached from there and not from the beginning.
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>

#include "engine/api/Error.h"
#include "engine/data/formats/Bytes.h"

namespace denoscope {
namespace {

// zlib's state points back at its owner, so this neither moves nor is copied but by inflateCopy().
class Inflater {
public:
    Inflater() {
        constexpr int eitherHeader = MAX_WBITS + 32;  // gzip's or zlib's, found by zlib
        require(inflateInit2(&stream, eitherHeader));
    }
    Inflater(const Inflater& other) { require(inflateCopy(&stream, const_cast<z_stream*>(&other.stream))); }
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater() { inflateEnd(&stream); }

    z_stream stream{};

private:
    static void require(int state) {
        if (state != Z_OK)
            throw EngineError("there is no memory to decompress with", "", "close other programs");
    }
};

// A place in the stream: `in` bytes of the file have become `out` bytes.
struct Place {
    std::unique_ptr<Inflater> inflater;
    std::uint64_t in = 0, out = 0;

    Place copy() const { return {std::make_unique<Inflater>(*inflater), in, out}; }
};

class InflateSource : public ByteSource {
public:
    InflateSource(const std::filesystem::path& path, std::uint64_t start)
        : m_name(path.string()), m_file(openBytes(path)), m_size(fileSize(path)) {
        m_kept.push_back({std::make_unique<Inflater>(), start, 0});
        m_now = m_kept.back().copy();
    }

    void read(std::uint64_t offset, std::span<std::byte> target) const override {
        const std::lock_guard lock(m_mutex);
        goNear(offset);
        std::vector<std::byte> skipped(static_cast<std::size_t>(std::min(offset - m_now.out, step)));
        while (m_now.out < offset)
            inflateInto(std::span(skipped).first(std::min(skipped.size(), offset - m_now.out)));
        while (!target.empty()) {
            const std::size_t count = std::min<std::size_t>(target.size(), step);
            inflateInto(target.first(count));
            target = target.subspan(count);
        }
    }

private:
    static constexpr std::uint64_t step = 1 << 20,
                                   between = 8 << 20;  // bytes: of one go, between kept states

    void goNear(std::uint64_t offset) const {
        const auto after =
            std::upper_bound(m_kept.begin(), m_kept.end(), offset,
                             [](std::uint64_t place, const Place& kept) { return place < kept.out; });
        const Place& nearest = *std::prev(after);
        if (offset >= m_now.out && nearest.out <= m_now.out)
            return;
        m_now = nearest.copy();
        m_now.inflater->stream.avail_in = 0;  // its input is gone from the buffer
    }

    void refill() const {
        const std::uint64_t left = m_size > m_now.in ? m_size - m_now.in : 0;
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, m_input.size()));
        if (count == 0)
            throw EngineError("the compressed data end early", m_name,
                              "the file is cut short or damaged; copy or export it again");
        m_file->read(m_now.in, std::span(m_input).first(count));
        m_now.inflater->stream.next_in = reinterpret_cast<Bytef*>(m_input.data());
        m_now.inflater->stream.avail_in = static_cast<uInt>(count);
    }

    // The next bytes; `target` is at most a step long.
    void inflateInto(std::span<std::byte> target) const {
        z_stream& stream = m_now.inflater->stream;
        while (!target.empty()) {
            if (stream.avail_in == 0)
                refill();
            const uInt before = stream.avail_in;
            stream.next_out = reinterpret_cast<Bytef*>(target.data());
            stream.avail_out = static_cast<uInt>(target.size());
            const int state = inflate(&stream, Z_NO_FLUSH);
            const std::size_t made = target.size() - stream.avail_out;
            m_now.in += before - stream.avail_in;
            m_now.out += made;
            target = target.subspan(made);
            if (state == Z_STREAM_END && !target.empty())
                inflateReset(&stream);  // gzip files may be several streams in a row
            else if (state != Z_OK && state != Z_BUF_ERROR && state != Z_STREAM_END)
                throw EngineError(fmt::format("holds damaged compressed data before byte {}{}{}", m_now.in,
                                              stream.msg ? ": " : "", stream.msg ? stream.msg : ""),
                                  m_name, "copy or export it again");
        }
        if (m_now.out >= m_kept.back().out + between)
            m_kept.push_back(m_now.copy());
    }

    std::string m_name;
    ByteSourcePtr m_file;
    std::uint64_t m_size;
    mutable std::mutex m_mutex;  // guards all below
    mutable std::array<std::byte, 1 << 16> m_input{};
    mutable std::vector<Place> m_kept;  // ascending; the first is the beginning
    mutable Place m_now;
};

}  // namespace

ByteSourcePtr openGzip(const std::filesystem::path& path, std::uint64_t start) {
    return std::make_shared<InflateSource>(path, start);
}

}  // namespace denoscope
