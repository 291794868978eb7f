// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReadingCodec.h"

#include <algorithm>
#include <compare>

namespace platen::protocol {
namespace {

bool turnsDirection(char16_t unit) { return (unit >= 0x202a && unit <= 0x202e) || (unit >= 0x2066 && unit <= 0x2069); }

bool separatesLines(char16_t unit)
{
    return unit == u'\n' || unit == u'\r' || unit == u'\t' || unit == 0x2028 || unit == 0x2029;
}

std::strong_ordering compareIndex(QStringView a, QStringView b)
{
    const QList<QStringView> left = a.split(u'.'), right = b.split(u'.');
    for (qsizetype i = 0; i < std::min(left.size(), right.size()); ++i) {
        bool leftIsNumber = false, rightIsNumber = false;
        const qulonglong x = left[i].toULongLong(&leftIsNumber), y = right[i].toULongLong(&rightIsNumber);
        if (leftIsNumber && rightIsNumber && x != y)
            return x <=> y;
        if (const int order = left[i].compare(right[i]); (!leftIsNumber || !rightIsNumber) && order != 0)
            return order <=> 0;
    }
    if (left.size() != right.size())
        return left.size() <=> right.size();
    return a.compare(b) <=> 0;
}

} // namespace

QString cleaned(const QString& text, qsizetype limit)
{
    QString out;
    out.reserve(std::min(text.size(), limit));
    qsizetype bytes = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        QChar unit = text[i];
        const bool isPair = unit.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (separatesLines(unit.unicode()))
            unit = u' ';
        else if (unit.isSurrogate() && !isPair)
            unit = QChar::ReplacementCharacter;
        else if (unit.category() == QChar::Other_Control || turnsDirection(unit.unicode()))
            continue;
        bytes += isPair ? 4 : unit.unicode() < 0x80 ? 1 : unit.unicode() < 0x800 ? 2 : 3;
        if (bytes > limit)
            break;
        out.append(unit);
        if (isPair)
            out.append(text[++i]);
    }
    return out;
}

void putInOrder(model::Reading& reading)
{
    const auto byIndex = [](const auto& a, const auto& b) { return compareIndex(a.index, b.index) < 0; };
    std::ranges::stable_sort(reading.supplies, byIndex);
    std::ranges::stable_sort(reading.alerts, byIndex);
    std::ranges::stable_sort(reading.meters, [](const model::Meter& a, const model::Meter& b) {
        return a.name != b.name ? a.name < b.name : compareIndex(a.marker, b.marker) < 0;
    });
}

} // namespace platen::protocol
