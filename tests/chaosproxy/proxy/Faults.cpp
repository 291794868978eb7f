// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Faults.h"

using namespace Qt::StringLiterals;

namespace platen::chaosproxy {

namespace {

/// A word of an option, taken apart.
struct Word {
    QString number;
    bool isUp = true;
    bool isDown = true;
};

Word takeApart(const QString& text)
{
    if (text.startsWith("up:"_L1))
        return {text.sliced(3), true, false};
    if (text.startsWith("down:"_L1))
        return {text.sliced(5), false, true};
    return {text};
}

/// A whole number from 0 upwards.
Result<qint64> numberIn(const QString& number, const QString& option, const QString& text)
{
    bool isNumber = false;
    const qint64 value = number.toLongLong(&isNumber);
    if (!isNumber || value < 0)
        return fail(ErrorCode::InvalidInput, u"%1 does not understand \"%2\": --help has examples"_s.arg(option, text));
    return value;
}

Status readDelay(const QString& text, Faults& faults)
{
    const Word word = takeApart(text);
    const QStringList parts = word.number.split("+-"_L1);
    const auto delay = numberIn(parts[0], u"--delay"_s, text);
    const auto jitter = parts.size() == 2 ? numberIn(parts[1], u"--delay"_s, text) : Result<qint64>(0);
    if (!delay || !jitter || parts.size() > 2)
        return fail(ErrorCode::InvalidInput, u"--delay takes milliseconds like 200 or up:200+-50, not \"%1\""_s.arg(text));
    for (const Way way : {Way::Up, Way::Down}) {
        if (way == Way::Up ? !word.isUp : !word.isDown)
            continue;
        faults.of(way).delay = std::chrono::milliseconds(std::max<qint64>(*delay - *jitter, 0));
        faults.of(way).jitter = std::chrono::milliseconds(2 * *jitter);
    }
    return {};
}

Status readThrottle(const QString& text, Faults& faults)
{
    const Word word = takeApart(text);
    const auto rate = numberIn(word.number, u"--throttle"_s, text);
    if (!rate)
        return fail(rate.error());
    if (word.isUp)
        faults.up.bytesPerSecond = *rate;
    if (word.isDown)
        faults.down.bytesPerSecond = *rate;
    return {};
}

Status readEnding(const QString& option, Ending ending, const QString& text, Faults& faults)
{
    const Word word = takeApart(text);
    const auto bytes = numberIn(word.number, option, text);
    if (!bytes)
        return fail(bytes.error());
    if (word.isUp == word.isDown)
        return fail(ErrorCode::InvalidInput, u"%1 needs to know whose bytes to count: say up:%2 or down:%2"_s.arg(option, word.number));
    WayFaults& way = word.isUp ? faults.up : faults.down;
    if (way.ending)
        return fail(ErrorCode::InvalidInput, u"%1 %2 is the second end of one way: a connection dies once"_s.arg(option, text));
    way.ending = ending;
    way.endAfter = *bytes;
    return {};
}

} // namespace

Status readFaults(const FaultWords& words, Faults& faults)
{
    Status all;
    for (const QString& text : words.delay)
        all = all ? readDelay(text, faults) : all;
    for (const QString& text : words.throttle)
        all = all ? readThrottle(text, faults) : all;
    for (const QString& text : words.cut)
        all = all ? readEnding(u"--cut"_s, Ending::Cut, text, faults) : all;
    for (const QString& text : words.reset)
        all = all ? readEnding(u"--reset"_s, Ending::Reset, text, faults) : all;
    for (const QString& text : words.halfOpen)
        all = all ? readEnding(u"--half-open"_s, Ending::HalfOpen, text, faults) : all;
    return all;
}

} // namespace platen::chaosproxy
