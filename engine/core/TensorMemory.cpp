// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/TensorMemory.h"

#include <c10/core/CPUAllocator.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <string>
#include <utility>

namespace denoscope {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

constexpr std::size_t alignment = 64;
constexpr std::size_t largePage = std::size_t{2} << 20;
constexpr std::size_t largest = std::size_t{1}
                                << 46;  // beyond any machine; keeps the sums below from wrapping

// Lies before what the tensor gets.
struct Header {
    std::size_t asked, size;  // bytes without and with this
    bool mapped;              // by itself, not from malloc
    bool reusable;            // its size is that of a class
    Header* next;             // while unused
};
static_assert(sizeof(Header) <= alignment);

// Sizes are rounded up to the next of these: every 64 bytes to 1 KiB, from there on eight to a doubling.
constexpr std::size_t fineSteps = 16, stepsPerDoubling = 8;
constexpr std::size_t fineEnd = fineSteps * alignment;
constexpr std::size_t classes =
    fineSteps + stepsPerDoubling * (std::bit_width(largest) - std::bit_width(fineEnd) + 1);

struct SizeClass {
    std::size_t index, size;
};
SizeClass classOf(std::size_t size) {
    if (size <= fineEnd) {
        const std::size_t steps = (size + alignment - 1) / alignment;
        return {steps - 1, steps * alignment};
    }
    const auto doubling = static_cast<std::size_t>(std::bit_width(size - 1) - std::bit_width(fineEnd));
    const std::size_t step = fineEnd / stepsPerDoubling << doubling;
    const std::size_t steps = (size + step - 1) / step;  // 9 .. 16 of them
    return {fineSteps + doubling * stepsPerDoubling + steps - stepsPerDoubling - 1, steps * step};
}

std::size_t lengthMapped(std::size_t size) {
    constexpr std::size_t page = 4096;
    return (size + page - 1) / page * page;
}

// At a large page's border, so that the system can use such pages.
void* mapMemory(std::size_t size) {
    const std::size_t length = lengthMapped(size), reserved = length + largePage;
    void* const begin = mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (begin == MAP_FAILED)
        return nullptr;
    char* const bytes = static_cast<char*>(begin);
    const std::size_t before = (largePage - reinterpret_cast<std::uintptr_t>(bytes) % largePage) % largePage;
    if (before > 0)
        munmap(bytes, before);
    munmap(bytes + before + length, reserved - before - length);
    madvise(bytes + before, length, MADV_HUGEPAGE);  // where that is unknown, small pages do
    return bytes + before;
}

Header* fromSystem(std::size_t asked, std::size_t size, bool reusable) {
    const bool mapped = reusable && size >= largePage;
    void* const memory = mapped ? mapMemory(size) : std::aligned_alloc(alignment, size);
    return memory == nullptr ? nullptr : new (memory) Header{asked, size, mapped, reusable, nullptr};
}

void toSystem(Header* block) {
    if (block->mapped)
        munmap(block, lengthMapped(block->size));
    else
        std::free(block);
}

// Lives as long as the program: tensors may outlast every other static object.
class Pool {
public:
    Header* take(std::size_t asked);
    void giveBack(Header* block);
    void releaseUnused();

    std::atomic<bool> pooling = !sanitized;
    std::atomic<std::int64_t> limit = 0;
    std::atomic<std::int64_t> inUse = 0, peak = 0, unused = 0, asked = 0;
    std::atomic<std::int64_t> handedOut = 0;  // bytes of whole blocks

private:
    void count(std::int64_t size);
    Header* reuse(const SizeClass& sized, std::size_t bytes);
    Header* askSystem(std::size_t bytes, std::size_t size, bool reusable);

    std::mutex m_mutex;  // of the lists
    std::array<Header*, classes> m_unused{};
    std::atomic<std::int64_t> m_highest = 0;  // handedOut at most since the last releaseUnused()
};

void raise(std::atomic<std::int64_t>& most, std::int64_t value) {
    std::int64_t before = most.load();
    while (before < value && !most.compare_exchange_weak(before, value)) {
    }
}

// A block of this size. Throws OutOfMemory where the limit forbids it.
void Pool::count(std::int64_t size) {
    const std::int64_t before = handedOut.fetch_add(size), bound = limit;
    if (bound > 0 && before + size > bound) {
        handedOut -= size;
        throw OutOfMemory(size, before, bound);
    }
}

Header* Pool::reuse(const SizeClass& sized, std::size_t bytes) {
    const std::lock_guard lock(m_mutex);
    Header* const block = m_unused[sized.index];
    if (block == nullptr)
        return nullptr;
    m_unused[sized.index] = block->next;
    unused -= static_cast<std::int64_t>(block->size);
    block->asked = bytes;
    return block;
}

Header* Pool::askSystem(std::size_t bytes, std::size_t size, bool reusable) {
    ++asked;
    const std::int64_t bound = limit;
    if (bound > 0 && handedOut + unused > bound)
        releaseUnused();  // what is kept counts as well where memory is short
    if (Header* const block = fromSystem(bytes, size, reusable))
        return block;
    releaseUnused();
    return fromSystem(bytes, size, reusable);
}

Header* Pool::take(std::size_t bytes) {
    if (bytes > largest)
        throw OutOfMemory(std::int64_t{1} << 62, handedOut, limit);
    const bool keeps = pooling;
    const SizeClass sized = classOf(bytes + alignment);
    const std::size_t exact = (bytes + 2 * alignment - 1) / alignment * alignment;
    const auto size = static_cast<std::int64_t>(keeps ? sized.size : exact);
    count(size);
    Header* block = keeps ? reuse(sized, bytes) : nullptr;
    if (block == nullptr)
        block = askSystem(bytes, keeps ? sized.size : exact, keeps);
    if (block == nullptr)
        throw OutOfMemory(size, handedOut.fetch_sub(size) - size, 0);
    raise(peak, inUse += static_cast<std::int64_t>(bytes));
    raise(m_highest, handedOut);
    return block;
}

void Pool::giveBack(Header* block) {
    inUse -= static_cast<std::int64_t>(block->asked);
    const auto size = static_cast<std::int64_t>(block->size);
    handedOut -= size;
    if (block->reusable && pooling) {
        const std::lock_guard lock(m_mutex);
        if (handedOut + unused + size <= 2 * m_highest) {
            Header*& first = m_unused[classOf(block->size).index];
            block->next = std::exchange(first, block);
            unused += size;
            return;
        }
    }
    toSystem(block);
}

void Pool::releaseUnused() {
    const std::lock_guard lock(m_mutex);
    for (Header*& first : m_unused)
        while (Header* const block = first) {
            first = block->next;
            unused -= static_cast<std::int64_t>(block->size);
            toSystem(block);
        }
    m_highest = handedOut.load();
}

constinit Pool pool;

void giveBack(void* data) {
    if (data != nullptr)
        pool.giveBack(reinterpret_cast<Header*>(static_cast<char*>(data) - alignment));
}

// LibTorch 2.3 made allocate() non-const, 2.2 added copy_data(): of either kind one overrides the base's.
class TensorAllocator : public c10::Allocator {
public:
    // NOLINTBEGIN(modernize-use-override, clang-diagnostic-inconsistent-missing-override): as said
    virtual c10::DataPtr allocate(std::size_t bytes) const { return allocated(bytes); }
    virtual c10::DataPtr allocate(std::size_t bytes) { return allocated(bytes); }
    c10::DeleterFnPtr raw_deleter() const override { return &giveBack; }
    virtual void copy_data(void* to, const void* from, std::size_t bytes) const {
        std::memcpy(to, from, bytes);
    }
    // NOLINTEND(modernize-use-override, clang-diagnostic-inconsistent-missing-override)

private:
    static c10::DataPtr allocated(std::size_t bytes) {
        void* const data = bytes == 0 ? nullptr : reinterpret_cast<char*>(pool.take(bytes)) + alignment;
        return {data, data, &giveBack, c10::Device(c10::DeviceType::CPU)};
    }
};

// Before main(), so before there are threads and tensors: LibTorch's own is registered when it is loaded.
[[maybe_unused]] const bool installed = [] {
    c10::SetCPUAllocator(new TensorAllocator, 1);  // LibTorch keeps it
    return true;
}();

std::string amount(std::int64_t bytes) {
    constexpr std::int64_t gibibyte = std::int64_t{1} << 30;
    return bytes >= gibibyte ? fmt::format("{:.1f} GiB", static_cast<double>(bytes) / gibibyte)
                             : fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

}  // namespace

OutOfMemory::OutOfMemory(std::int64_t asked, std::int64_t handedOut, std::int64_t limit)
    : EngineError(
          fmt::format("memory ran out: {} more were needed beside {} in use{}", amount(asked),
                      amount(handedOut), limit > 0 ? fmt::format(", {} can be had", amount(limit)) : ""),
          "memory", "make training.micro_batch, data.size or model.width smaller") {}

namespace tensorMemory {

Use use() {
    return {pool.inUse, pool.peak, pool.handedOut, pool.unused, pool.asked};
}

void resetPeak() {
    pool.peak = pool.inUse.load();
}

void setPooling(bool on) {
    pool.pooling = on;
}

bool pooling() {
    return pool.pooling;
}

void releaseUnused() {
    pool.releaseUnused();
}

void setLimit(std::int64_t bytes) {
    pool.limit = bytes;
}

std::int64_t limit() {
    return pool.limit;
}

}  // namespace tensorMemory
}  // namespace denoscope
