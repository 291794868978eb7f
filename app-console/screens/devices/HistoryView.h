// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <console/models/DeviceDetails.h>

#include <QWidget>

class QComboBox;

namespace platen::widgets {
class Plot;
}

namespace platen::console {

/// The curve of one meter or supply of the device shown, with a choice of which.
class HistoryView final : public QWidget {
    Q_OBJECT

public:
    explicit HistoryView(DeviceDetails& details, QWidget* parent = nullptr);

    void setPlotHeight(int height);

signals:
    void shown(); ///< a curve, or why there is none

private:
    void forget();
    void offerChoices();
    void chooseRange();
    void ask();
    void present(const History& history, const HistoryKey& key);

    DeviceDetails& m_details;
    QComboBox* m_choice;
    widgets::Plot* m_plot;
    QList<HistoryKey> m_keys;
    QList<QColor> m_colors;
    quint64 m_generation = 0;
    bool m_isAsked = false;
    bool m_isRangeChosen = false; ///< by the user; it stays, then
};

} // namespace platen::console
