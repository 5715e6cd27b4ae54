// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/Film.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
}
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/export/Export.h"
#include "engine/data/formats/LibraryReason.h"

namespace denoscope {
namespace {

constexpr std::int64_t longestSide = 8192;

struct FilmKind {
    std::string_view ending;
    const char* muxer;
    const char* encoder;
    const char* filters;  // from RGB to what the encoder takes
};
constexpr std::array kinds{
    FilmKind{
        ".gif", "gif", "gif",
        "split[all][shown];[all]palettegen[palette];[shown][palette]paletteuse=dither=bayer:bayer_scale=5"},
    FilmKind{".mp4", "mp4", "libx264", "pad=ceil(iw/2)*2:ceil(ih/2)*2,format=yuv420p"},
    FilmKind{".webp", "webp", "libwebp_anim", "format=bgra"}};

const FilmKind* kindOf(std::string_view path) {
    std::string name(path);
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto found =
        std::ranges::find_if(kinds, [&](const FilmKind& kind) { return name.ends_with(kind.ending); });
    return found == kinds.end() ? nullptr : found;
}

[[noreturn]] void fail(const std::string& path, const std::string& what) {
    throw EngineError(what, path, "choose another format: .gif, .mp4 or .webp, or single pictures (.png)");
}

int checked(int result, const std::string& path, const char* what) {
    if (result >= 0)
        return result;
    std::array<char, AV_ERROR_MAX_STRING_SIZE> reason{};
    av_strerror(result, reason.data(), reason.size());
    fail(path, fmt::format("the film cannot be written ({}){}", what, librarySays("FFmpeg", reason.data())));
}

template <auto release>
struct Release {
    template <class Type>
    void operator()(Type* object) const {
        release(&object);
    }
};
using Frame = std::unique_ptr<AVFrame, Release<av_frame_free>>;
using Packet = std::unique_ptr<AVPacket, Release<av_packet_free>>;
using Codec = std::unique_ptr<AVCodecContext, Release<avcodec_free_context>>;
using Graph = std::unique_ptr<AVFilterGraph, Release<avfilter_graph_free>>;
using Terminals = std::unique_ptr<AVFilterInOut, Release<avfilter_inout_free>>;

// A container that is written into memory; the disk sees only the finished file.
class MemoryMuxer {
public:
    MemoryMuxer(const char* name, const std::string& path) : m_path(path) {
        checked(avformat_alloc_output_context2(&m_context, nullptr, name, nullptr), path, "its container");
        checked(avio_open_dyn_buf(&m_context->pb), path, "its container");
    }
    ~MemoryMuxer() {
        taken();
        avformat_free_context(m_context);
    }
    MemoryMuxer(const MemoryMuxer&) = delete;
    MemoryMuxer& operator=(const MemoryMuxer&) = delete;

    AVFormatContext* operator->() const { return m_context; }
    AVFormatContext* get() const { return m_context; }

    std::string taken() {
        if (m_context->pb == nullptr)
            return {};
        std::uint8_t* bytes = nullptr;
        const int size = avio_close_dyn_buf(m_context->pb, &bytes);
        m_context->pb = nullptr;
        const std::string result(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
        av_free(bytes);
        return result;
    }

private:
    std::string m_path;
    AVFormatContext* m_context = nullptr;
};

const FilmKind& requireKind(const std::string& path) {
    const FilmKind* kind = kindOf(path);
    if (kind == nullptr)
        fail(path, "the ending is not that of a film");
    return *kind;
}

}  // namespace

bool isFilmPath(std::string_view path) {
    return kindOf(path) != nullptr;
}

// Pictures go through the filters into the encoder, whose packets go into the container. Encoder and
// container are opened when the first filtered picture says what it is like.
class FilmWriter::Encoder {
public:
    Encoder(std::string path, std::int64_t width, std::int64_t height, int framesPerSecond)
        : m_path(std::move(path)),
          m_kind(requireKind(m_path)),
          m_width(static_cast<int>(width)),
          m_height(static_cast<int>(height)),
          m_rate(framesPerSecond),
          m_muxer(m_kind.muxer, m_path),
          m_packet(av_packet_alloc()) {
        if (width < 1 || height < 1 || width > longestSide || height > longestSide)
            fail(m_path, fmt::format("a film of {} x {} pixels cannot be", width, height));
        if (framesPerSecond < 1 || framesPerSecond > 100)
            fail(m_path, fmt::format("{} pictures a second cannot be; 1 to 100 can", framesPerSecond));
        av_log_set_level(AV_LOG_FATAL);  // what matters comes back as an error
        openFilters();
    }

    void add(const RgbPicture& picture) {
        if (picture.width != m_width || picture.height != m_height)
            fail(m_path, fmt::format("a picture of {} x {} does not fit into a film of {} x {}",
                                     picture.width, picture.height, m_width, m_height));
        const Frame frame(av_frame_alloc());
        frame->format = AV_PIX_FMT_RGB24;
        frame->width = m_width;
        frame->height = m_height;
        frame->pts = m_count++;
        checked(av_frame_get_buffer(frame.get(), 0), m_path, "no memory for a picture");
        const auto row = static_cast<std::size_t>(m_width) * 3;
        for (int y = 0; y < m_height; ++y)
            std::copy_n(picture.pixels.data() + static_cast<std::size_t>(y) * row, row,
                        frame->data[0] + static_cast<std::ptrdiff_t>(y) * frame->linesize[0]);
        checked(av_buffersrc_add_frame(m_source, frame.get()), m_path, "a picture");
        drainFilters();
    }

    void finish() {
        if (m_count == 0)
            throw EngineError("there is nothing to write", m_path, "choose at least one picture");
        checked(av_buffersrc_add_frame(m_source, nullptr), m_path, "its end");
        drainFilters();
        encode(nullptr);
        checked(av_write_trailer(m_muxer.get()), m_path, "its end");
        writeFileAtomically(m_path, m_muxer.taken());
    }

private:
    void openFilters() {
        m_graph.reset(avfilter_graph_alloc());
        const std::string source =
            fmt::format("video_size={}x{}:pix_fmt={}:time_base=1/{}:frame_rate={}", m_width, m_height,
                        static_cast<int>(AV_PIX_FMT_RGB24), m_rate, m_rate);
        checked(avfilter_graph_create_filter(&m_source, avfilter_get_by_name("buffer"), "in", source.c_str(),
                                             nullptr, m_graph.get()),
                m_path, "its filters");
        checked(avfilter_graph_create_filter(&m_sink, avfilter_get_by_name("buffersink"), "out", nullptr,
                                             nullptr, m_graph.get()),
                m_path, "its filters");
        AVFilterInOut* outputs = avfilter_inout_alloc();
        *outputs = {av_strdup("in"), m_source, 0, nullptr};
        AVFilterInOut* inputs = avfilter_inout_alloc();
        *inputs = {av_strdup("out"), m_sink, 0, nullptr};
        const int parsed =
            avfilter_graph_parse_ptr(m_graph.get(), m_kind.filters, &inputs, &outputs, nullptr);
        const Terminals left(outputs), right(inputs);
        checked(parsed, m_path, "its filters");
        checked(avfilter_graph_config(m_graph.get(), nullptr), m_path, "its filters");
    }

    void drainFilters() {
        while (true) {
            const Frame frame(av_frame_alloc());
            const int got = av_buffersink_get_frame(m_sink, frame.get());
            if (got == AVERROR(EAGAIN) || got == AVERROR_EOF)
                return;
            checked(got, m_path, "a picture");
            if (!m_codec)
                openEncoder(*frame);
            frame->pict_type = AV_PICTURE_TYPE_NONE;
            encode(frame.get());
        }
    }

    void openEncoder(const AVFrame& first) {
        const AVCodec* codec = avcodec_find_encoder_by_name(m_kind.encoder);
        if (codec == nullptr)
            fail(m_path, fmt::format("FFmpeg was built without {} here", m_kind.encoder));
        m_codec.reset(avcodec_alloc_context3(codec));
        m_codec->width = first.width;
        m_codec->height = first.height;
        m_codec->pix_fmt = static_cast<AVPixelFormat>(first.format);
        m_codec->time_base = {1, m_rate};
        m_codec->framerate = {m_rate, 1};
        m_codec->thread_count = 1;  // training may want the others
        if ((m_muxer->oformat->flags & AVFMT_GLOBALHEADER) != 0)
            m_codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
        // Options that an encoder does not know are left alone.
        av_opt_set(m_codec->priv_data, "crf", "16", 0);
        av_opt_set(m_codec->priv_data, "lossless", "1", 0);
        checked(avcodec_open2(m_codec.get(), codec, nullptr), m_path, "its encoder");
        AVStream* stream = avformat_new_stream(m_muxer.get(), nullptr);
        stream->time_base = m_codec->time_base;
        stream->avg_frame_rate = m_codec->framerate;
        checked(avcodec_parameters_from_context(stream->codecpar, m_codec.get()), m_path, "its encoder");
        av_opt_set(m_muxer->priv_data, "loop", "0", 0);  // for ever
        checked(avformat_write_header(m_muxer.get(), nullptr), m_path, "its container");
    }

    void encode(const AVFrame* frame) {  // null: what is still in the encoder
        checked(avcodec_send_frame(m_codec.get(), frame), m_path, "a picture");
        while (true) {
            const int got = avcodec_receive_packet(m_codec.get(), m_packet.get());
            if (got == AVERROR(EAGAIN) || got == AVERROR_EOF)
                return;
            checked(got, m_path, "a picture");
            if (m_packet->duration == 0)
                m_packet->duration = 1;
            av_packet_rescale_ts(m_packet.get(), m_codec->time_base, m_muxer->streams[0]->time_base);
            m_packet->stream_index = 0;
            checked(av_interleaved_write_frame(m_muxer.get(), m_packet.get()), m_path, "a picture");
        }
    }

    std::string m_path;
    const FilmKind& m_kind;
    int m_width, m_height, m_rate;
    std::int64_t m_count = 0;
    MemoryMuxer m_muxer;
    Packet m_packet;
    Graph m_graph;
    AVFilterContext* m_source = nullptr;  // both belong to the graph
    AVFilterContext* m_sink = nullptr;
    Codec m_codec;
};

FilmWriter::FilmWriter(std::string path, std::int64_t width, std::int64_t height, int framesPerSecond)
    : m_encoder(std::make_unique<Encoder>(std::move(path), width, height, framesPerSecond)) {}

FilmWriter::~FilmWriter() = default;

void FilmWriter::add(const RgbPicture& picture) {
    m_encoder->add(picture);
}

void FilmWriter::finish() {
    m_encoder->finish();
}

void writeFilm(std::size_t count, const std::function<RgbPicture(std::size_t)>& picture,
               const std::string& path, int framesPerSecond) {
    if (count == 0)
        throw EngineError("there is nothing to write", path, "choose at least one picture");
    const RgbPicture first = picture(0);
    FilmWriter film(path, first.width, first.height, framesPerSecond);
    film.add(first);
    for (std::size_t i = 1; i < count; ++i)
        film.add(picture(i));
    film.finish();
}

void writeFilm(const std::vector<std::vector<Item>>& frames, const std::string& path, double low, double high,
               int framesPerSecond) {
    writeFilm(
        frames.size(), [&](std::size_t i) { return gridOf(frames[i], low, high); }, path, framesPerSecond);
}

void writeSliceFilm(const Item& volume, const std::string& path, double low, double high,
                    int framesPerSecond) {
    if (volume.array->shape.size() != 4)
        fail(path, fmt::format("an item of {} has no slices", toText(volume.array->shape)));
    writeFilm(
        static_cast<std::size_t>(volume.array->shape[1]),
        [&](std::size_t k) { return slicePicture(volume, static_cast<std::int64_t>(k), low, high); }, path,
        framesPerSecond);
}

std::vector<std::string> writeItemsOrFilm(const std::vector<Item>& items, const std::string& path, double low,
                                          double high) {
    constexpr int rate = 10;
    if (!isFilmPath(path))
        return writeItems(items, path, low, high);
    if (items.size() == 1 && items.front().array->shape.size() == 4) {
        writeSliceFilm(items.front(), path, low, high, rate);
        return {path};
    }
    writeFilm(
        items.size(), [&](std::size_t i) { return gridOf({items[i]}, low, high); }, path, rate);
    return {path};
}

}  // namespace denoscope
