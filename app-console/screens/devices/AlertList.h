// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>

#include <QWidget>

class QVBoxLayout;

namespace platen::console {

/// What a device complains of, the worst first; a quiet sentence when it does not.
class AlertList final : public QWidget {
    Q_OBJECT

public:
    explicit AlertList(QWidget* parent = nullptr);

    void present(const QList<model::Alert>& alerts);

private:
    QWidget* makeRow(const model::Alert& alert);

    QVBoxLayout* m_column;
    std::optional<QList<model::Alert>> m_shown;
};

} // namespace platen::console
