// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "FieldList.h"

#include <widgets/Theme.h>

#include <QGridLayout>
#include <QLabel>

namespace platen::console {

FieldList::FieldList(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnStretch(1, 1);
}

void FieldList::present(const QList<Field>& fields)
{
    while (m_names.size() < fields.size()) {
        auto* name = new QLabel;
        auto* value = new QLabel;
        widgets::setLook(name, "muted");
        value->setTextFormat(Qt::PlainText);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        const int row = static_cast<int>(m_names.size());
        m_grid->addWidget(name, row, 0, Qt::AlignTop);
        m_grid->addWidget(value, row, 1);
        m_names.append(name);
        m_values.append(value);
    }
    for (int row = 0; row < m_names.size(); ++row) {
        const bool isUsed = row < fields.size();
        m_names[row]->setVisible(isUsed);
        m_values[row]->setVisible(isUsed);
        if (!isUsed)
            continue;
        const Field& field = fields[row];
        m_names[row]->setText(field.name);
        if (m_values[row]->text() != field.value)
            m_values[row]->setText(field.value);
        m_values[row]->setFont(field.isNumber ? widgets::fonts::numbers() : widgets::fonts::body());
        m_values[row]->setAlignment(field.isNumber ? Qt::AlignRight | Qt::AlignTop : Qt::AlignLeft | Qt::AlignTop);
        m_values[row]->setAccessibleName(field.name);
    }
}

} // namespace platen::console
