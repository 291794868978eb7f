// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Routes.h"

namespace platen::http {

namespace {

bool covers(const QByteArray& pattern, QByteArrayView path)
{
    if (!pattern.endsWith("/*"))
        return path == pattern;
    const QByteArrayView folder = QByteArrayView(pattern).chopped(1);
    return path.size() > folder.size() && path.startsWith(folder);
}

} // namespace

void Routes::add(Route route)
{
    m_routes.append(std::move(route));
}

Routes::Match Routes::find(QByteArrayView method, QByteArrayView path, bool upgrade) const
{
    Match match{-1, 404};
    for (int i = 0; i < m_routes.size(); ++i) {
        const Route& route = m_routes.at(i);
        if (!covers(route.path, path))
            continue;
        const bool isSocket = route.method.isEmpty();
        if (isSocket == upgrade && (isSocket || method == route.method))
            return {i, 200};
        if (isSocket && method == "GET")
            match.status = 426;
        else if (match.status == 404)
            match.status = 405;
    }
    return match;
}

} // namespace platen::http
