// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Limits.h"
#include "Message.h"

#include <string>
#include <string_view>

namespace platen::http {

/// What of a request's head is there already.
struct HeadScan {
    enum class State { Incomplete, Complete, Broken };

    State state = State::Incomplete;
    size_t length = 0; ///< when Complete: of the head, its empty line included
};

/// Looks for the end of the head in `bytes`, and for what no honest client sends and parsers disagree on: line ends that are
/// not CRLF, NUL, folded fields (RFC 9112 §5.2), an empty first line. `from` is the size at the last call on the same bytes.
HeadScan scanHead(std::string_view bytes, size_t from = 0);

/// Whether a Sec-WebSocket-Key is one: the base64 of 16 bytes (RFC 6455 §4.1).
bool isWebSocketKey(std::string_view value);

/// Whether a page of this origin may open a WebSocket here: same host and port as `host`, or no page at all (empty).
bool isOwnOrigin(std::string_view origin, std::string_view host);

/// Where `target` ("/path?query") of a request to `host` (a Host field) is found by TLS on `port`; empty when that is no host.
std::string httpsLocation(std::string_view host, std::string_view target, quint16 port);

} // namespace platen::http
