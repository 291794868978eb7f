// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "JsonLines.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

/// Walks over JSON that is known to be valid and remembers where the longest leading part of a path begins.
class Finder {
public:
    Finder(const QByteArray& json, const QString& path)
        : m_json(json)
        , m_path(path)
    {
    }

    qsizetype find()
    {
        value(QString());
        return m_found;
    }

private:
    void note(const QString& path)
    {
        const bool leads = m_path.startsWith(path)
            && (path.size() == m_path.size() || path.isEmpty() || m_path[path.size()] == u'.'
                || m_path[path.size()] == u'[');
        if (leads && path.size() >= m_depth) {
            m_depth = path.size();
            m_found = m_at;
        }
    }

    char next()
    {
        while (m_at < m_json.size() && QByteArrayView(" \t\r\n,:").contains(m_json[m_at]))
            ++m_at;
        return m_at < m_json.size() ? m_json[m_at] : '\0';
    }

    QString string()
    {
        const qsizetype from = ++m_at;
        while (m_at < m_json.size() && m_json[m_at] != '"')
            m_at += m_json[m_at] == '\\' ? 2 : 1;
        const QByteArray raw = m_json.mid(from, m_at - from);
        ++m_at;
        return QString::fromUtf8(raw);
    }

    void value(const QString& path)
    {
        const char first = next();
        note(path);
        if (first == '{' || first == '[') {
            ++m_at;
            items(path, first == '{');
        } else if (first == '"') {
            string();
        } else {
            while (m_at < m_json.size() && !QByteArrayView(",]} \t\r\n").contains(m_json[m_at]))
                ++m_at;
        }
    }

    void items(const QString& path, bool named)
    {
        for (int index = 0;; ++index) {
            const char first = next();
            if (first == '\0' || first == '}' || first == ']') {
                ++m_at;
                return;
            }
            QString below = path + u'[' + QString::number(index) + u']';
            if (named) {
                const QString key = string();
                below = path.isEmpty() ? key : path + u'.' + key;
            }
            value(below);
        }
    }

    const QByteArray& m_json;
    const QString& m_path;
    qsizetype m_at = 0;
    qsizetype m_depth = 0;
    qsizetype m_found = 0;
};

} // namespace

int lineOfJsonValue(const QByteArray& json, const QString& path) { return lineOfByte(json, Finder(json, path).find()); }

int lineOfByte(const QByteArray& json, qsizetype offset)
{
    const QByteArrayView before = QByteArrayView(json).first(std::clamp<qsizetype>(offset, 0, json.size()));
    return 1 + static_cast<int>(std::ranges::count(before, '\n'));
}

} // namespace platen::profiles
