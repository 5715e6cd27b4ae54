// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of LibTorch's tensors on the CPU. Every program that links this takes it from here instead of
// from LibTorch's own allocator, from before main() on, because
// - a training step asks for the same blocks again and again, and getting a large one from the system (the
//   call, then a page fault for every 4 KiB of it) costs as much as a convolution: blocks that were given
//   back are kept by size and handed out again;
// - what a step needs can be counted, bounded, and refused with a sentence while there is a way out.
// Blocks are aligned to 64 bytes, large ones lie on large pages where the system has them. All functions may
// be called from any thread.
#pragma once

#include <cstdint>

#include "engine/api/Error.h"

namespace denoscope {

// A tensor did not fit, into the limit or into what the system gives. Nothing was allocated.
class OutOfMemory : public EngineError {
public:
    // Bytes of blocks: the one asked for, those handed out; limit 0: none was set.
    OutOfMemory(std::int64_t asked, std::int64_t handedOut, std::int64_t limit);
};

namespace tensorMemory {

struct Use {                      // bytes
    std::int64_t inUse = 0;       // that tensors asked for
    std::int64_t peak = 0;        // of that, since the last resetPeak()
    std::int64_t handedOut = 0;   // of the blocks that they got for it: up to an eighth more
    std::int64_t unused = 0;      // of the blocks that are kept for the next that asks
    std::int64_t fromSystem = 0;  // how often the system was asked for a block, ever
};
Use use();
void resetPeak();

// Without pooling each block comes from malloc and goes back at once, as with LibTorch's own allocator; so it
// is from the start under sanitizers, which see a use after free only then.
// What was kept before stays for when pooling is on again.
void setPooling(bool on);
bool pooling();

// Gives the system what is kept. Handed out and kept are together never more than twice what was handed out
// at most since the last call, so this is for when training ends or pauses.
void releaseUnused();

// Bytes of the blocks that may be handed out; 0 = no limit. What is over it already stays.
void setLimit(std::int64_t bytes);
std::int64_t limit();

}  // namespace tensorMemory
}  // namespace denoscope
