// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HeadCheck.h"

#include <QtTypes>

#include <algorithm>

namespace platen::http {

HeadScan scanHead(std::string_view bytes, size_t from)
{
    using enum HeadScan::State;
    if (bytes.starts_with('\r') || bytes.starts_with('\n'))
        return {Broken, 0};

    for (size_t i = from; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\0')
            return {Broken, 0};
        if (i > 0 && bytes[i - 1] == '\r' && c != '\n')
            return {Broken, 0};
        const bool lineBegins = i >= 2 && bytes[i - 1] == '\n';
        if (lineBegins && (c == ' ' || c == '\t'))
            return {Broken, 0};
        if (c != '\n')
            continue;
        if (i == 0 || bytes[i - 1] != '\r')
            return {Broken, 0};
        if (i >= 3 && bytes[i - 2] == '\n')
            return {Complete, i + 1};
    }
    return {};
}

bool isWebSocketKey(std::string_view value)
{
    const auto isBase64 = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    };
    // 16 bytes are 22 characters, of which the last carries two bits only, and two of padding.
    return value.size() == 24 && value.ends_with("==") && std::ranges::all_of(value.substr(0, 22), isBase64)
        && std::string_view("AQgw").contains(value[21]);
}

bool isOwnOrigin(std::string_view origin, std::string_view host)
{
    if (origin.empty())
        return true;
    const size_t scheme = origin.find("://");
    return scheme != std::string_view::npos && origin.substr(scheme + 3) == host;
}

std::string httpsLocation(std::string_view host, std::string_view target, quint16 port)
{
    const auto isLetter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("-._").contains(c);
    };
    const bool isV6 = host.starts_with('[');
    const size_t end = isV6 ? host.find(']') : host.find(':');
    std::string_view name = host.substr(0, end);
    if (isV6)
        name.remove_prefix(1);
    const bool isName = std::ranges::all_of(name, [&](char c) { return isLetter(c) || (isV6 && c == ':'); });
    if (name.empty() || !isName || (isV6 && end == std::string_view::npos) || !target.starts_with('/'))
        return {};
    std::string location = "https://";
    location.append(isV6 ? host.substr(0, end + 1) : name);
    if (port != 443)
        location.append(":").append(std::to_string(port));
    return location.append(target);
}

} // namespace platen::http
