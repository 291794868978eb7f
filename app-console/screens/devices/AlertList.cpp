// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AlertList.h"

#include <widgets/Icons.h>
#include <widgets/Theme.h>
#include <widgets/Words.h>

#include <QHBoxLayout>
#include <QLabel>
#include <QLayoutItem>

#include <memory>

using namespace Qt::StringLiterals;

namespace platen::console {

AlertList::AlertList(QWidget* parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
}

void AlertList::present(const QList<model::Alert>& alerts)
{
    if (m_shown == alerts)
        return;
    m_shown = alerts;
    while (const std::unique_ptr<QLayoutItem> item{m_column->takeAt(0)})
        delete item->widget();
    QList<model::Alert> sorted = alerts;
    std::ranges::stable_sort(sorted, {}, [](const model::Alert& alert) { return alert.severity == "critical"_L1 ? 0 : 1; });
    for (const model::Alert& alert : std::as_const(sorted))
        m_column->addWidget(makeRow(alert));
    if (alerts.isEmpty()) {
        auto* none = new QLabel(tr("This device reports no alerts."));
        widgets::setLook(none, "muted");
        m_column->addWidget(none);
    }
}

QWidget* AlertList::makeRow(const model::Alert& alert)
{
    const bool isCritical = alert.severity == "critical"_L1;
    auto* row = new QWidget;
    auto* across = new QHBoxLayout(row);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(8);
    auto* icon = new QLabel;
    icon->setPixmap(widgets::icon(isCritical ? u"state-error"_s : u"state-attention"_s, isCritical ? widgets::Ink::Critical : widgets::Ink::Attention)
                        .pixmap(QSize(16, 16), devicePixelRatioF()));
    auto* words = new QLabel(alert.description.isEmpty() ? widgets::groupName(alert.group) : alert.description);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    //: an alert's severity and the part of the device it is about
    auto* caption = widgets::makeCaption(alert.group.isEmpty() ? widgets::severityName(alert.severity)
                                                               : tr("%1 · %2").arg(widgets::severityName(alert.severity), widgets::groupName(alert.group)));
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(words);
    column->addWidget(caption);
    across->addWidget(icon, 0, Qt::AlignTop);
    across->addLayout(column, 1);
    return row;
}

} // namespace platen::console
