// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EmptyState.h"

#include "Icons.h"
#include "Theme.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace platen::widgets {

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent)
    , m_icon(new QLabel)
    , m_title(new QLabel)
    , m_words(new QLabel)
    , m_action(new QPushButton)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(0);
    column->addStretch(2);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    column->addSpacing(16);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    column->addSpacing(4);
    column->addWidget(m_words);
    column->addSpacing(16);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addStretch(3);

    m_title->setFont(fonts::section());
    m_words->setAlignment(Qt::AlignHCenter);
    m_words->setWordWrap(true);
    setLook(m_words, "muted");
    m_action->setObjectName(u"emptyAction"_s);
    m_action->setAutoDefault(true); // Enter as well as Space
    connect(m_action, &QPushButton::clicked, this, &EmptyState::actionTriggered);
}

void EmptyState::present(const QString& iconName, const QString& title, const QString& words, const QString& action)
{
    m_iconName = iconName;
    m_title->setText(title);
    m_words->setText(words);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    drawIcon();
}

QString EmptyState::words() const { return m_words->text(); }

void EmptyState::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        drawIcon();
    QWidget::changeEvent(event);
}

void EmptyState::drawIcon()
{
    if (!m_iconName.isEmpty())
        m_icon->setPixmap(icon(m_iconName, Ink::Muted).pixmap(QSize(48, 48), devicePixelRatioF()));
}

} // namespace platen::widgets
