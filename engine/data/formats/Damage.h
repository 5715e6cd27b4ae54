// SPDX-License-Identifier: GPL-3.0-or-later
// Where the line runs between damage and failure. What is wrong with a file but leaves its values as they
// were is damage: readers collect it, the set tells it in one note (FileSet). What may have touched the
// values is an error.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/Array.h"
#include "engine/data/formats/FirstFew.h"

namespace denoscope {

// Clauses of "Damaged, but can be read: ...", such as `its last sample is incomplete` or a library's
// complaint (LibraryReason.h). Nothing in them that the file says of a person.
using Damage = std::vector<std::string>;

// Adds a clause that is neither empty nor known.
inline void addDamage(Damage& damage, std::string clause) {
    if (!clause.empty() && std::ranges::find(damage, clause) == damage.end())
        damage.push_back(std::move(clause));
}

// As a note, of a single file.
inline std::string damageNote(const Damage& damage) {
    return fmt::format("Damaged, but can be read: {}.", firstFew(damage));
}

struct Reading {
    Array array;
    Damage damage = {};
};

}  // namespace denoscope
