// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;
class QLabel;

namespace platen::console {

/// One fact: what it is called, and its value.
struct Field {
    QString name, value;
    bool isNumber = false; ///< right-aligned, digits of one width
};

/// Facts under each other, names muted at the left; values can be selected and copied. Labels stay when only values change.
class FieldList final : public QWidget {
    Q_OBJECT

public:
    explicit FieldList(QWidget* parent = nullptr);

    void present(const QList<Field>& fields);

private:
    QGridLayout* m_grid;
    QList<QLabel*> m_names, m_values;
};

} // namespace platen::console
