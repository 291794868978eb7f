// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>

/// What other ways in may add to a reading. All functions are pure.
namespace platen::completion {

/// Is there no value of this path although the device should have one, by the names of pages::Field: "identity.serialNumber",
/// "identity.color", "status.state", "status.display", "meters.total", "supplies" (there are none), "supplies.level" (one is
/// not known), "supplies.serialNumber" (of a cartridge)? Colour is not counted by a black-and-white printer, nor copies,
/// scans and faxes by one that only prints. Other paths are never lacking.
bool lacks(const model::Reading& reading, const QString& path);

/// Is anything lacking that makes asking by IPP worth its packets?
bool lacksForIpp(const model::Reading& reading);

/// Is there no value of this path, which another way gave before? Whether the device should have one is not asked: what was sent
/// once does not come and go.
bool isGone(const model::Reading& reading, const QString& path);

/// Does a value of this path change by itself, so that an old one says nothing: state, meters, supplies?
bool isChanging(const QString& path);

/// The path of a source without the supply's index: "supplies.1.1.level" → "supplies.level".
QString withoutIndex(const QString& sourcePath);

/// Fills what `reading` lacks from `supplement`; overwrites nothing. Supplies are told by index, kind and colour; those of
/// the supplement are taken whole only when the reading has none. Sources come along when the reading has any.
void complete(model::Reading& reading, const model::Reading& supplement);

/// The same, but only what lasts: identity, serial numbers of cartridges.
void completeLasting(model::Reading& reading, const model::Reading& supplement);

} // namespace platen::completion
