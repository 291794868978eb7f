// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ModelDatabase.h"

#include <QRegularExpression>
#include <QResource>

using namespace Qt::StringLiterals;

namespace platen::profiles {

QString modelIdOf(const QString& maker, const QString& model)
{
    static const QRegularExpression series(u"\\s+(?:series|printer)$"_s, QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression others(u"[^\\p{L}\\p{N}]+"_s);
    const auto slug = [](QString text) {
        text = text.toLower().replace(u'+', u"-plus"_s).replace(others, u"-"_s);
        while (text.startsWith(u'-'))
            text.remove(0, 1);
        while (text.endsWith(u'-'))
            text.chop(1);
        return text;
    };
    const QString modelSlug = slug(QString(model).remove(series));
    if (modelSlug.isEmpty())
        return {};
    const QString makerSlug = slug(maker);
    return (makerSlug.isEmpty() ? u"unknown"_s : makerSlug) + u'.' + modelSlug;
}

ModelDatabase ModelDatabase::builtIn()
{
    static const QResource resource(u":/models/models.tsv"_s);
    static const QByteArray lines = resource.uncompressedData(); // the resource itself where it is not compressed
    return ModelDatabase(lines);
}

std::optional<KnownModel> ModelDatabase::find(const QString& modelId) const
{
    const QByteArray key = modelId.toUtf8() + '\t';
    qsizetype low = 0, high = m_lines.size(); // both at the start of a line
    while (low < high) {
        const qsizetype middle = low + (high - low) / 2;
        const qsizetype start = middle == 0 ? 0 : m_lines.lastIndexOf('\n', middle - 1) + 1;
        const qsizetype end = m_lines.indexOf('\n', start);
        if (start < low || end < 0)
            return std::nullopt;
        const QByteArrayView line = m_lines.sliced(start, end - start);
        if (line.startsWith(key) && line.size() == key.size() + 1) {
            const char color = line.back();
            return KnownModel{color == '?' ? std::nullopt : std::optional(color == 'c')};
        }
        if (line < QByteArrayView(key))
            low = end + 1;
        else
            high = start;
    }
    return std::nullopt;
}

} // namespace platen::profiles
