// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>

namespace platen::api {

class Catalogue;

/// Where a call is reached over HTTP: "/api/v1/devices.list".
QString pathOf(const QString& callName);

/// The OpenAPI 3.1 document of the calls that work over HTTP, made of their declarations.
QJsonObject openApi(const Catalogue& catalogue, const QString& version);

} // namespace platen::api
