// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Banner.h"

#include "Icons.h"
#include "Theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace platen::widgets {

Banner::Banner(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel)
    , m_words(new QLabel)
    , m_action(new QPushButton)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 8, 8);
    row->setSpacing(12);
    row->addWidget(m_icon, 0, Qt::AlignVCenter);
    row->addWidget(m_words, 1);
    row->addWidget(m_action, 0, Qt::AlignVCenter);
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setMinimumHeight(metrics::controlHeight);
    m_action->setObjectName(u"bannerAction"_s);
    m_action->setAutoDefault(true); // Enter as well as Space
    connect(m_action, &QPushButton::clicked, this, &Banner::actionTriggered);
    hide();
}

void Banner::showError(const QString& words, const QString& action) { present(words, action, true); }
void Banner::showNotice(const QString& words, const QString& action) { present(words, action, false); }
QString Banner::words() const { return isHidden() ? QString() : m_words->text(); }

void Banner::present(const QString& words, const QString& action, bool isError)
{
    setLook(this, isError ? "banner" : "notice");
    m_icon->setPixmap(icon(isError ? u"state-error"_s : u"state-attention"_s, isError ? Ink::Critical : Ink::Attention)
                          .pixmap(QSize(16, 16), devicePixelRatioF()));
    m_words->setText(words);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(words);
    show();
}

} // namespace platen::widgets
