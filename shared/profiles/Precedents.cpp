// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Precedents.h"

namespace platen::profiles {

namespace {

constexpr qsizetype mostKinds = 100;
constexpr qsizetype mostNoted = 4;

} // namespace

void Precedents::note(size_t kind, const Questions& questions)
{
    if (questions.isEmpty() || questions.size() > mostNoted)
        return;
    if (m_questions.size() >= mostKinds)
        m_questions.clear();
    m_questions.insert(kind, questions);
}

} // namespace platen::profiles
